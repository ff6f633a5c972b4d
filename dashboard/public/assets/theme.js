// Runs before the first paint, so that a chosen theme never flashes in from the other one, nor rows move.
(() => {
  try {
    const theme = localStorage.getItem("callslot.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (localStorage.getItem("callslot.density") === "compact") {
      document.documentElement.dataset.density = "compact";
    }
  } catch {
    // Without storage the system's theme is used.
  }
})();
