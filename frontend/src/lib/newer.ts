const LAST = 'porthole.loaded-again';

/**
 * The server does not know a document of this page: it was updated meanwhile. The page is loaded anew, but not twice a minute, so
 * that two versions of the server side by side cause no endless loop.
 */
export function loadAgain(now = Date.now()) {
  try {
    if (now - Number(sessionStorage.getItem(LAST)) < 60_000) return;
    sessionStorage.setItem(LAST, String(now));
    location.reload();
  } catch {
    // Without a memory, whoever reads the message loads the page themselves.
  }
}
