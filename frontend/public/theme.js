// Before the first paint: the theme that was chosen, so that the page doesn't flash in the other one.
try {
  const theme = localStorage.getItem('taskhub.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
    const chosen = document.querySelector(`meta[name="theme-color"][media*="${theme}"]`).content;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = chosen;
  }
} catch {
  // No storage, no choice.
}
