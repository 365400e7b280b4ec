/** The server checks that `rd` is a page of ours, and gives the cookie that opens it: so it is asked, not the router. */
export const openPage = (rd: string) => location.assign(`/authz/return?rd=${encodeURIComponent(rd)}`);
