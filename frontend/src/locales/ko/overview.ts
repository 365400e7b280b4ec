import type { Messages } from '../en';

export const overview: Messages['overview'] = {
  title: '클러스터',
  look: (count) => `${count}개를 확인해야 합니다.`,
  well: '보이는 것은 모두 정상입니다.',
  version: (version) => `Kubernetes ${version}`,
  noVersion: '응답이 없습니다',
  nodes: (ready, total) => `노드 ${total}개 중 ${ready}개 준비됨`,
  seen: '확인 시각',
  pods: (count) => `파드 ${count}개`,
  podsAs: (list) => `파드: ${list}`,
  podHealth: {
    CRITICAL: (count) => `실패 ${count}개`,
    WARNING: (count) => `확인 필요 ${count}개`,
    UNKNOWN: (count) => `알 수 없음 ${count}개`,
    PROGRESSING: (count) => `준비 중 ${count}개`,
    OK: (count) => `실행 중 ${count}개`,
    DONE: (count) => `끝남 ${count}개`,
  },
  needLook: '확인 필요',
  nothing: '없습니다. 보이는 노드, 워크로드, 애플리케이션이 모두 정상입니다.',
  hints: '언젠가 고장 날 것',
  warnings: '최근 경고',
  noWarnings: '없습니다. 쿠버네티스는 이벤트를 한 시간쯤 보관합니다.',
  allEvents: '모든 이벤트',
  endFirst: '먼저 만료되는 인증서',
  sees: '포트홀이 보는 것',
  seesOf: (cluster) => `포트홀이 ${cluster}에서 보는 것`,
  sources: (live, total) => `${total}종류 중 ${live}종류 실시간`,
  rights: '포트홀의 권한',
  clockAhead: (time) =>
    `클러스터 시계가 포트홀보다 ${time} 빠릅니다. 클러스터의 시각은 클러스터 시계로 비교합니다. 둘 다 NTP로 맞추세요.`,
  clockBehind: (time) =>
    `클러스터 시계가 포트홀보다 ${time} 느립니다. 클러스터의 시각은 클러스터 시계로 비교합니다. 둘 다 NTP로 맞추세요.`,
};

export const rights: Messages['rights'] = {
  title: '포트홀의 권한',
  lead: '포트홀이 클러스터에서 할 수 있는 일을 클러스터에 직접 물은 결과입니다. 포트홀은 읽기만 하며 Secret은 읽지 않습니다. 없는 권한은 이 버전의 매니페스트에 있는 ClusterRole로 줄 수 있습니다. 그때까지 해당 항목만 보이지 않고 다른 기능에는 영향이 없습니다.',
  failed: '권한을 물어보지 못했습니다',
  missing: (count) => `${count}개가 없습니다.`,
  complete: '필요한 권한이 모두 있습니다.',
  caption: (cluster) => `${cluster}의 권한`,
  resource: '리소스',
  verbs: '동작',
  without: '의미',
  notGranted: '권한 없음',
  unknown: '알 수 없음',
  fine: '선택 사항입니다. 해당 기능만 빠집니다.',
  unseen: '이 항목은 보이지 않으며 알림도 가지 않습니다.',
};

export const known: Messages['known'] = {
  title: '알려진 장애',
  lead: (count) => `사람들이 겪었던 장애 ${count}가지입니다. 포트홀이 알아봅니다.`,
  failed: '알려진 장애를 불러오지 못했습니다',
  find: '보이는 증상으로 찾기',
  noMatch: (text) => `“${text}”에 맞는 알려진 장애가 없습니다`,
  noMatchWhy: '오류 메시지의 한 단어로 찾아보십시오.',
  gone: '그런 알려진 장애가 없습니다',
  number: (number) => `${number}번`,
  symptom: '보이는 증상',
};
