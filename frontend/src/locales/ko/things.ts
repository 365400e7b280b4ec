import type { Messages } from '../en';

export const workloads: Messages['workloads'] = {
  state: {
    CRITICAL: '실패 중',
    WARNING: '확인 필요',
    UNKNOWN: '알 수 없음',
    PROGRESSING: '배포 중',
    OK: '정상',
    DONE: '완료',
    paused: '일시 중지',
    scheduled: '예약됨',
    scaledDown: '0개로 축소',
  },
  application: '애플리케이션',
  updated: '최신',
  revision: '리비전',
  schedule: '일정',
  lastStarted: '마지막 시작',
  lastSucceeded: '마지막 성공',
  ended: '종료',
};

export const nodes: Messages['nodes'] = {
  roles: '역할',
  worker: '워커',
  pods: '파드',
  version: '버전',
  size: '크기',
  sizeOf: (cpu, memory) => `CPU ${cpu}개, ${memory}`,
  address: '주소',
  system: '시스템',
  scheduling: '새 파드',
  takesPods: '받음',
  ready: '준비됨',
  cordoned: '스케줄 중지',
  unknown: '알 수 없음',
  since: '시작',
};

export const events: Messages['events'] = {
  warnings: '경고',
  seen: '경과',
  reason: '사유',
  newestFirst: '최신순',
  object: '대상',
  message: '내용',
  count: '횟수',
  times: (count) => `${count}회`,
  noneOf: '최근에는 없습니다. 쿠버네티스는 이벤트를 한 시간쯤 보관합니다.',
};

export const applications: Messages['applications'] = {
  healthy: '정상',
  into: '네임스페이스',
  sync: '동기화',
  lastSync: 'Argo CD의 설명',
  syncedAt: '동기화 경과',
  source: '출처',
  runs: '실행 중인 커밋',
};

export const hosts: Messages['hosts'] = {
  host: '호스트',
  serves: '제공하는 인증서',
  ends: '만료',
  checked: '확인',
  sources: '출처',
  notYet: '아직 확인 전',
  well: '정상',
  state: {
    CRITICAL: '고장',
    WARNING: '확인 필요',
    UNKNOWN: '응답 없음',
    PROGRESSING: '확인 중',
    OK: '정상',
    DONE: '정상',
  },
  endsSoon: '곧 만료',
  expired: '만료됨',
  placeholder: '인그레스 컨트롤러가 임시로 만든 인증서입니다. 이 호스트에 설정된 인증서가 없습니다.',
  doesNotFit: (names) => `다른 이름의 인증서입니다: ${names}.`,
  by: (issuer) => `서명: ${issuer}`,
  byUntrusted: (issuer) => `서명: ${issuer} (이 서버가 모르는 발급자)`,
  check: '지금 확인',
  checking: '확인하고 있습니다. 결과는 여기에 저절로 나타납니다.',
  issuedTab: '발급된 인증서',
  servedTab: '실제로 제공되는 인증서',
};

export const containers: Messages['containers'] = {
  title: '컨테이너',
  kind: { INIT: '먼저 실행', MAIN: '주 컨테이너', SIDECAR: '사이드카' },
  restarted: '재시작',
  lastRun: (reason) => `이전 실행이 끝난 이유: ${reason},`,
  code: (code) => `종료 코드 ${code}`,
  signal: (signal) => `시그널 ${signal}`,
};
