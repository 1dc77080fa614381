import { defineConfig } from "@playwright/test";

const port = process.env.E2E_PORT ?? "3210";
const address = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  workers: "50%",
  reporter: "line",
  // Generous: a busy machine is slow, not wrong.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: address,
    trace: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // What needs no browser runs once.
  projects: [
    { name: "wasm", testIgnore: "better_auth/**" },
    { name: "no-js", testIgnore: "better_auth/**", use: { javaScriptEnabled: false } },
    { name: "program", testMatch: "better_auth/*.spec.ts" },
  ],
  webServer: {
    command: `./serve.sh ${port}`,
    url: `${address}/readyz`,
    reuseExistingServer: false,
    timeout: 60_000,
    stderr: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});
