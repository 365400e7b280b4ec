/** Local storage that may be forbidden or full: then nothing is remembered, and nothing breaks. */
export const remembered = {
  get(key: string) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {
      // See above.
    }
  },
};
