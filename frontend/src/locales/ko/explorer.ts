import type { Messages } from '../en';

export const explorer: Messages['explorer'] = {
  title: 'API 탐색기',
  lead: '내 권한으로 GraphQL을 실행합니다. 여기서 변경하면 실제로 변경됩니다.',
  failed: '스키마를 불러오지 못했습니다',
  off: '이 서버에서는 탐색기를 쓸 수 없습니다',
  offWhy:
    '이 서버는 브라우저에서 Porthole 자체의 질의만 받습니다(PORTHOLE_TRUSTED_DOCUMENTS_ONLY). API 토큰을 쓰는 프로그램은 무엇이든 질의할 수 있습니다.',
  toTokens: 'API 토큰으로 이동',
  hint: 'Ctrl Space는 자동 완성, Ctrl Enter는 커서가 있는 작업을 실행합니다.',
  document: '문서',
  variables: '변수',
  answer: '응답',
  run: '실행',
  stop: '중지',
  badVariables: '변수가 올바른 JSON이 아닙니다.',
  badDocument: (why) => `문서가 올바른 GraphQL이 아닙니다: ${why}`,
  docs: '설명서',
  allTypes: '모든 타입',
  find: '타입이나 필드 찾기',
  nothing: (text) => `“${text}”라는 이름은 없습니다.`,
  deprecated: '사용 중단 예정',
};
