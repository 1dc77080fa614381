// The stack that the plan describes, as it would run: Next.js with Better Auth, FastAPI behind it, both on the same PostgreSQL.

import { answers, end, freePort } from "./house.mjs";
import { execFileSync, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { cpus } from "node:os";

const folder = (name) => new URL(`plan/${name}`, import.meta.url).pathname;
const workers = cpus().length;

export class Plan {
  /** On an empty database. */
  static async open(database) {
    const plan = new Plan();
    const [web, api] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
    const secret = randomBytes(32).toString("base64");
    Object.assign(plan, { database, secret, address: web, api });
    execFileSync("psql", ["-q", "-d", database, "-f", folder("schema.sql")]);
    const both = { PATH: process.env.PATH, BETTER_AUTH_SECRET: secret };
    const back = { ...both, API_DATABASE_URL: database.replace(/^postgres:/, "postgresql+asyncpg:"), WEB_CONCURRENCY: String(workers) };
    const front = { ...both, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", DATABASE_URL: database, BETTER_AUTH_URL: web, API_URL: api };
    const serve = ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", new URL(web).port];
    plan.children = [
      spawn(`${process.env.BENCH_PLAN}/bin/uvicorn`, ["main:app", "--port", new URL(api).port, "--no-access-log", "--log-level", "warning"], { cwd: folder("api"), env: back, stdio: ["ignore", "ignore", "inherit"] }),
      spawn("node", serve, { cwd: folder("web"), env: front, stdio: ["ignore", "ignore", "inherit"] }),
    ];
    await Promise.all([answers(web), answers(`${api}/openapi.json`)]);
    return plan;
  }

  /** A person with this many tasks, signed in; their cookies, and the token that the back end takes. */
  async person(count) {
    const email = "bench@example.com";
    const response = await fetch(`${this.address}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.address },
      body: JSON.stringify({ name: "Bench", email, password: `three words ${randomBytes(6).toString("hex")}` }),
    });
    if (!response.ok) throw new Error(`the plan's sign-up: ${response.status} ${await response.text()}`);
    const { user } = await response.json();
    execFileSync("psql", ["-q", "-d", this.database, "-v", `owner=${user.id}`, "-v", `count=${count}`, "-f", folder("tasks.sql")]);
    const cookie = response.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
    return { cookie, token: this.token(user) };
  }

  token({ id, email }) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: id, email, exp: Math.floor(Date.now() / 1000) + 7 * 24 * 60 * 60 })}`;
    return `${signed}.${createHmac("sha256", this.secret).update(signed).digest("base64url")}`;
  }

  /** What all its processes hold, in bytes; a page that several share is counted once. */
  memory() {
    const parents = new Map(readdirSync("/proc").filter(Number).flatMap((pid) => {
      try {
        return [[Number(pid), Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1])]];
      } catch {
        return []; // It has ended meanwhile.
      }
    }));
    const ours = new Set(this.children.map(({ pid }) => pid));
    const isOurs = (pid) => pid > 1 && (ours.has(pid) || isOurs(parents.get(pid)));
    const held = (pid) => Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/Pss:\s+(\d+)/)[1]) * 1024;
    return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + held(pid), 0);
  }

  async close() {
    await Promise.all(this.children.map(end));
  }
}
