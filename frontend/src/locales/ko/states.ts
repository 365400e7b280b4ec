import type { Messages } from '../en';

export const states: Messages['states'] = {
  loading: '불러오는 중',
  retry: '다시 시도',
  request: '요청 번호',
  noAnswer: '서버가 응답하지 않았습니다.',
  broken: '서버의 오류입니다. 운영자가 요청 번호로 자세한 내용을 확인할 수 있습니다.',
  wait: '시도가 너무 많습니다. 잠시 후 다시 시도하세요.',
  waitFor: (seconds) => `시도가 너무 많습니다. ${seconds}초 뒤에 다시 시도하세요.`,
  shownAsOf: (time) => `${time} 기준입니다.`,
  reconnecting: '다시 연결하고 있습니다.',
  clusterSilent: '클러스터가 응답하지 않습니다.',
  oldData: '새로 고치지 못했습니다. 오래된 내용일 수 있습니다.',
  clearFilter: '필터 지우기',
  pageFailed: '페이지를 불러오지 못했습니다',
};
