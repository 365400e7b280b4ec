import type { Messages } from '../en';

export const detail: Messages['detail'] = {
  failed: (name) => `${name} 정보를 불러오지 못했습니다`,
  gone: (name) => `${name} 항목이 없습니다`,
  goneWhy: '삭제되었거나 교체되었거나, 처음부터 없었을 수 있습니다.',
  wentAway: '클러스터에서 사라졌습니다. 마지막으로 알려진 상태입니다.',
  belongsTo: '소속',
  noPods: '지금은 없습니다.',
};

export const logs: Messages['logs'] = {
  title: '로그',
  of: (container) => `${container} 로그`,
  container: '컨테이너',
  find: '이 말이 있는 줄만',
  wrap: '줄 바꿈',
  previous: '이전 실행',
  failed: '로그를 읽지 못했습니다',
  live: '실시간입니다. 최근 5,000줄을 여기에만 보관합니다.',
  ended: '컨테이너가 끝나 로그도 끝났습니다.',
  broke: '로그가 중간에 끊겼습니다.',
  ofPrevious: '이전 실행의 마지막 부분입니다.',
  empty: '아직 기록된 내용이 없습니다.',
  noMatch: (text) => `“${text}”가 있는 줄이 없습니다.`,
  found: (shown, total) => `${total}줄 중 ${shown}줄`,
  toNewest: '최신 줄로 이동',
  noRight:
    '로그에는 다른 사람이 보면 안 되는 내용이 있을 수 있어 별도의 권한이 필요합니다. 관리자에게 “로그 보기” 권한을 요청하십시오.',
};
