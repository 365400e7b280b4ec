import type { Messages } from '../en';

/** 모든 목록이 하는 말을, 그 목록이 다루는 것의 이름으로. `noun`은 받침에 따라 조사를 붙인 말입니다. */
function words(name: string, noun: string, caption: string) {
  return {
    title: name,
    caption,
    failed: `${name} 목록을 불러오지 못했습니다`,
    none: `${noun} 없습니다`,
    summary: (total: number, look: number, way: number) => {
      const parts = [look && `${look}개 확인 필요`, way && `${way}개 준비 중`].filter(Boolean);
      return `${name} ${total}개. ${parts.length ? `${parts.join(', ')}.` : '모두 정상입니다.'}`;
    },
    noMatch: (text: string) => `“${text}”에 맞는 ${noun} 없습니다`,
    noMatchFilter: `조건에 맞는 ${noun} 없습니다`,
    without: (count: number) => `필터를 지우면 ${name} ${count}개가 보입니다.`,
  };
}

export const lists: Messages['lists'] = {
  pods: {
    ...words('파드', '파드가', '파드, 확인이 필요한 것부터'),
    noneWhy: '클러스터에 파드가 없거나, 포트홀에 볼 권한이 없습니다.',
  },
  workloads: {
    ...words('워크로드', '워크로드가', '워크로드, 확인이 필요한 것부터'),
    noneWhy: 'Deployment, StatefulSet, DaemonSet, Job, CronJob이 생기면 여기에 보입니다.',
  },
  nodes: {
    ...words('노드', '노드가', '노드, 확인이 필요한 것부터'),
    noneWhy: '포트홀에 노드를 볼 권한이 없습니다. 일부 네임스페이스 권한만 있으면 노드는 보이지 않습니다.',
  },
  applications: {
    ...words('애플리케이션', '애플리케이션이', 'Argo CD 애플리케이션, 확인이 필요한 것부터'),
    noneWhy: 'Argo CD는 있지만, 포트홀이 볼 수 있는 애플리케이션이 없습니다.',
    notInstalled: 'Argo CD가 설치되지 않았습니다',
    notInstalledWhy: '문제가 아닙니다. 설치하면 애플리케이션이 여기에 보입니다.',
  },
  hosts: {
    ...words('호스트', '호스트가', '호스트와 실제로 제공하는 인증서, 확인이 필요한 것부터'),
    noneWhy: 'https 호스트를 가진 Ingress, Gateway, 페이지가 없습니다.',
    lead: '브라우저처럼 직접 접속해서 확인한, 각 호스트가 실제로 제공하는 인증서입니다.',
  },
  events: {
    ...words('이벤트', '이벤트가', '이벤트, 최신순'),
    summary: (total, look) => `이벤트 ${total}개. ${look ? `경고 ${look}개.` : '경고는 없습니다.'}`,
    noneWhy: '쿠버네티스는 이벤트를 한 시간쯤 보관합니다. 최근에 일어난 일이 없습니다.',
  },
};
