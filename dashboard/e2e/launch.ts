// The browsers: Debian's Chromium, and Debian's Firefox through WebDriver BiDi. `BROWSER` says which; the configuration sets it.

import { type Browser, type BrowserContextOptions, chromium, firefox } from "playwright-core";

const IS_FIREFOX = process.env.BROWSER === "firefox";

export interface Look {
  colorScheme?: "light" | "dark";
  forcedColors?: "active" | "none";
  reducedMotion?: "reduce" | "no-preference";
  width?: number;
  height?: number;
  /** How many pixels of the screen make one of the page: 4 is a zoom of 400 %. */
  zoom?: number;
}

export async function launch(): Promise<Browser> {
  return IS_FIREFOX ? launchFirefox() : launchChromium();
}

function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CALLSLOT_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** The Firefox that is there: a channel of Playwright's own builds has protocols of theirs, `moz-firefox` speaks BiDi. */
function launchFirefox(): Promise<Browser> {
  return firefox.launch({
    channel: "moz-firefox",
    executablePath: process.env.CALLSLOT_FIREFOX ?? "/usr/bin/firefox-esr",
    firefoxUserPrefs: {
      "ui.prefersReducedMotion": 1,
      // Nothing leaves the machine.
      "app.update.enabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "toolkit.telemetry.enabled": false,
    },
  });
}

/** A look as the browser's driver takes it. */
export function emulated(look: Look): BrowserContextOptions {
  const { width = 1280, height = 800, zoom = 1 } = look;
  const viewport = { width: Math.round(width / zoom), height: Math.round(height / zoom) };
  // BiDi has no media features yet: Firefox has them from its preferences.
  if (IS_FIREFOX) {
    return { viewport, colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null };
  }
  const { colorScheme = "light", forcedColors = "none", reducedMotion = "reduce" } = look;
  return { viewport, deviceScaleFactor: zoom, colorScheme, forcedColors, reducedMotion };
}
