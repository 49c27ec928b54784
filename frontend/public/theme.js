// Before the first paint: the theme that was chosen, so that the page doesn't flash in the other one.
try {
  const theme = localStorage.getItem('taskhub.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // No storage, no choice.
}
