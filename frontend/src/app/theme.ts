import { createTheme } from '@mantine/core';

/**
 * Nothing of the look lives here: Mantine's variables come from its style sheet and are bridged to ours in tokens.css,
 * because what a theme changes would be injected as a <style> element, which style-src 'self' refuses.
 */
export const theme = createTheme({ respectReducedMotion: true, cursorType: 'pointer' });
