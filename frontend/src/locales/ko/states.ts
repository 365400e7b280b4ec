import type { Messages } from '../en';

export const states: Messages['states'] = {
  loading: '불러오는 중',
  retry: '다시 시도',
  request: '요청 번호',
  updated: 'Porthole이 업데이트되었습니다. 페이지를 새로 고치세요.',
  noAnswer: '서버가 응답하지 않았습니다.',
  broken: '서버의 오류입니다. 운영자가 요청 번호로 자세한 내용을 확인할 수 있습니다.',
  wait: '시도가 너무 많습니다. 잠시 후 다시 시도하세요.',
  waitFor: (seconds) => `시도가 너무 많습니다. ${seconds}초 뒤에 다시 시도하세요.`,
  shownAsOf: (time) => `${time} 기준입니다.`,
  reconnecting: '다시 연결하고 있습니다.',
  clusterSilent: '클러스터가 응답하지 않습니다.',
  oldData: '새로 고치지 못했습니다. 오래된 내용일 수 있습니다.',
  clearFilter: '필터 지우기',
  missing: {
    CLUSTER_VIEW: '클러스터를 볼 권한이 없습니다',
    LOGS_VIEW: '로그를 볼 권한이 없습니다',
    NOTICES_WRITE: '공지를 쓸 권한이 없습니다',
    CHANNELS_MANAGE: '알림 채널을 관리할 권한이 없습니다',
  },
  askFor: (right) => `관리자에게 “${right}” 권한을 요청하세요. 권한이 생기면 이 페이지가 바로 나타납니다.`,
  pageFailed: '페이지를 불러오지 못했습니다',
};
