// The house under measurement: the shipped binary in a folder of its own, a person in it, and the load that is put on it.

import { spawn, execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const binary = new URL("../dist/latchkey", import.meta.url).pathname;

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Resident memory in bytes: now, and the most there ever was. */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) * 1024;
  return { now: kib("VmRSS"), most: kib("VmHWM") };
}

/** Load on one address. An answer that is not a 2xx spoils a measurement, so it ends the run. */
export async function oha(url, { headers = {}, seconds, connections = 100, perSecond, method = "GET", body, lines }) {
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const arguments_ = ["--no-tui", "--output-format", "json", "-c", connections, "-z", `${seconds}s`, "-w", "--redirect", 0, "-m", method, ...given];
  if (body) arguments_.push("-d", body);
  if (lines) arguments_.push("-Z", lines);
  if (perSecond) arguments_.push("-q", perSecond, "--latency-correction");
  const { stdout } = await promisify(execFile)("oha", [...arguments_.map(String), url], { maxBuffer: 1 << 26 });
  const result = JSON.parse(stdout);
  const bad = Object.entries(result.statusCodeDistribution).filter(([status]) => !status.startsWith("2"));
  if (bad.length > 0 || Object.keys(result.errorDistribution).length > 0) {
    throw new Error(`${method} ${url} answered ${JSON.stringify(bad)} ${JSON.stringify(result.errorDistribution)}`);
  }
  return result;
}

export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export async function answers(url) {
  for (let tries = 0; tries < 60_000; tries += 1) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not yet.
    }
    await sleep(1);
  }
  throw new Error(`${url} does not answer`);
}

/** Asks a program to stop, and waits until it has. */
export async function end(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await ended;
}

export class House {
  static async open(variables) {
    const [folder, port] = [mkdtempSync(join(tmpdir(), "latchkey-bench.")), await freePort()];
    const house = new House();
    Object.assign(house, { folder, address: `http://127.0.0.1:${port}`, children: [] });
    const environment = {
      PATH: process.env.PATH,
      AUTH_SECRET: randomBytes(32).toString("base64"),
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      PUBLIC_URL: house.address,
      RATE_LIMIT: "off",
      RUST_LOG: "warn",
      ...variables,
    };
    const start = performance.now();
    house.child = spawn(binary, { cwd: folder, env: environment, stdio: ["ignore", "ignore", "inherit"] });
    house.children.push(house.child);
    await answers(`${house.address}/readyz`);
    house.millisecondsToFirstAnswer = performance.now() - start;
    return house;
  }

  get pid() {
    return this.child.pid;
  }

  /** Another program on a port of its own; its address. */
  async startBeside(program, given) {
    const at = `127.0.0.1:${await freePort()}`;
    this.children.push(spawn(program, [...given, at], { stdio: ["ignore", "ignore", "inherit"] }));
    await answers(`http://${at}/tasks`);
    return `http://${at}`;
  }

  async close() {
    for (const child of this.children) await end(child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async post(path, value, headers) {
    const response = await fetch(this.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.address, ...headers },
      body: JSON.stringify(value),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** A new person, signed in. */
  async signUp(name = "Bench") {
    const email = `bench.${randomBytes(6).toString("hex")}@example.com`;
    const password = `three words ${randomBytes(6).toString("hex")}`;
    const response = await this.post("/api/auth/sign-up", { name, email, password });
    const { token, user } = await response.json();
    const cookie = response.headers.getSetCookie()[0].split(";")[0];
    const addTasks = async (count) => {
      for (let number = 1; number <= count; number += 1) {
        const dueDate = number % 3 === 0 ? `2027-01-${String((number % 28) + 1).padStart(2, "0")}` : null;
        const task = { title: `Task ${number}: water the plants on the balcony`, description: number % 5 === 0 ? "The basil wants more than the rest." : "", dueDate };
        await this.post("/api/tasks", task, { authorization: `Bearer ${token}` });
      }
    };
    const signIn = { method: "POST", headers: { "content-type": "application/json", origin: this.address }, body: JSON.stringify({ email, password }) };
    return { id: user.id, token, cookie, addTasks, signIn };
  }
}
