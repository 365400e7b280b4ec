// A real Kubernetes control plane in one program, for tests:
// `testcluster etcd|apiserver|controller-manager|scheduler|kubectl [flags]`.
// The parts share most of their code, so one program builds in half the time of five.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("")
	}
	tool := os.Args[1]
	// Each part reads os.Args itself and expects its own flags right after the program's name.
	os.Args = append(os.Args[:1], os.Args[2:]...)

	var cmd *cobra.Command
	switch tool {
	case "etcd":
		etcdmain.Main(os.Args)
		return
	case "apiserver":
		cmd = apiserver.NewAPIServerCommand()
	case "controller-manager":
		cmd = controllers.NewControllerManagerCommand()
	case "scheduler":
		cmd = scheduler.NewSchedulerCommand()
	case "kubectl":
		cmd = kubectl.NewDefaultKubectlCommand()
	default:
		fail(tool)
	}
	os.Exit(cli.Run(cmd))
}

func fail(tool string) {
	if tool != "" {
		fmt.Fprintf(os.Stderr, "unknown part %q\n", tool)
	}
	fmt.Fprintf(os.Stderr, "usage: %s etcd|apiserver|controller-manager|scheduler|kubectl [flags]\n", filepath.Base(os.Args[0]))
	os.Exit(2)
}
