// Measures the shipped binary beside a bare axum + SeaORM handler, on one PostgreSQL, in turn and in one run. `make bench` starts it.
// Goals are the ratios of the table that it prints; they hold on any machine, the figures beside them only here.

import { House, median, memory, oha } from "./house.mjs";
import { firstVisit } from "./first-visit.mjs";
import { Plan } from "./plan.mjs";
import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { promisify } from "node:util";

const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const database = process.env.TEST_DATABASE_URL;
const examples = process.env.BENCH_EXAMPLES;
const rows = [];

/** The address of a new, empty database on the same server. */
const emptyDatabase = (name) => {
  execFileSync("psql", ["-q", "-d", database, "-c", `CREATE DATABASE ${name}`]);
  const address = new URL(database);
  address.pathname = `/${name}`;
  return address.href;
};

const row = (work, figure, goal, met) => {
  rows.push({ work, figure, goal, met });
  process.stderr.write(`${met === undefined ? " " : met ? "✓" : "✗"} ${work}: ${figure}\n`);
};
const say = (words) => process.stderr.write(`${words}\n`);
const rate = (result) => result.summary.requestsPerSec;
const p99 = (result) => result.latencyPercentiles.p99 * 1000;
const whole = (number) => Math.round(number).toLocaleString("en");
const percent = (number) => `${(number * 100).toFixed(0)} %`;
const mib = (bytes) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;

say(`${cpus().length} cores (${cpus()[0].model.trim()}), rounds of ${seconds} s, ${rounds} of each, medians`);

// Cold start and idle memory, on SQLite: no other program has a part in it.
const starts = [];
for (let round = 0; round < 5; round += 1) {
  const house = await House.open({});
  starts.push(house.millisecondsToFirstAnswer);
  if (round === 4) {
    const idle = memory(house.pid).now;
    row("resident memory, idle, SQLite", mib(idle), "≤ 40 MiB", idle <= 40 * 1024 * 1024);
  }
  await house.close();
}
row("cold start to the first 200, SQLite, empty folder", `${median(starts).toFixed(0)} ms`, "≤ 150 ms", median(starts) <= 150);

const house = await House.open({ DATABASE_URL: database });
const person = await house.signUp();
await person.addTasks(50);

say("GET /api/tasks, beside the bare handler");
const bare = await house.startBeside(`${examples}/bare`, [database, person.id]);
const bearer = { authorization: `Bearer ${person.token}` };
const ours = [], theirs = [], slowest = [];
await oha(`${house.address}/api/tasks`, { headers: bearer, seconds: 2 });
await oha(`${bare}/tasks`, { seconds: 2 });
for (let round = 0; round < rounds; round += 1) {
  const [mine, other] = [await oha(`${house.address}/api/tasks`, { headers: bearer, seconds }), await oha(`${bare}/tasks`, { seconds })];
  ours.push(rate(mine));
  slowest.push(p99(mine));
  theirs.push(rate(other));
}
const ratio = median(ours.map((mine, round) => mine / theirs[round]));
row("`GET /api/tasks`, 50 tasks, 100 connections, to the bare handler", `${percent(ratio)} (${whole(median(ours))} to ${whole(median(theirs))} per second)`, "≥ 85 %", ratio >= 0.85);
row("… its p99", `${median(slowest).toFixed(0)} ms`, "< 100 ms", median(slowest) < 100);

say("The plan's stack: Next.js with Better Auth, and FastAPI");
const plan = await Plan.open(emptyDatabase("plan"));
const other = await plan.person(50);
const theirIdle = plan.memory();
// The same request on both sides, in turn; what ours does in the time of one of theirs.
const beside = async (mine, mineHeaders, their, theirHeaders) => {
  const [first, second] = [[], []];
  await oha(mine, { headers: mineHeaders, seconds: 1 });
  await oha(their, { headers: theirHeaders, seconds: 3 });
  for (let round = 0; round < rounds; round += 1) {
    first.push(await oha(mine, { headers: mineHeaders, seconds }));
    second.push(await oha(their, { headers: theirHeaders, seconds }));
  }
  const times = median(first.map((one, round) => rate(one) / rate(second[round])));
  const rates = `${whole(median(first.map(rate)))} to ${whole(median(second.map(rate)))} per second, p99 ${median(first.map(p99)).toFixed(0)} to ${median(second.map(p99)).toFixed(0)} ms`;
  return { times, figure: `${times.toFixed(1)} times (${rates})` };
};
const api = await beside(`${house.address}/api/tasks`, bearer, `${plan.api}/api/tasks`, { authorization: `Bearer ${other.token}` });
row("`GET /api/tasks`, to the plan's FastAPI", api.figure, "≥ 8 times", api.times >= 8);
const page = (cookie) => ({ cookie, accept: "text/html" });
const ourPage = [`${house.address}/dashboard`, page(person.cookie)];
const alike = await beside(...ourPage, `${plan.address}/dashboard/alike`, page(other.cookie));
row("`GET /dashboard`, 50 tasks in the HTML, 100 connections, to the same rows by the plan's Next.js", alike.figure, "≥ 20 times", alike.times >= 20);
const bareList = await beside(...ourPage, `${plan.address}/dashboard`, page(other.cookie));
row("… to a list of its that has nothing but a box and a title in a row", bareList.figure, "for comparison");
row("resident memory of the plan's stack, idle and after that", `${mib(theirIdle)} and ${mib(plan.memory())}`, "for comparison");
const theirVisit = await firstVisit(plan.address, "/dashboard", other.cookie);
row("first visit of its `/dashboard`, a list without a form", `${(theirVisit.bytes / 1000).toFixed(1)} KB in ${theirVisit.requests} requests`, "for comparison");
await plan.close();

const peak = memory(house.pid).most;
row("resident memory at peak, 100 connections", mib(peak), "≤ 120 MiB", peak <= 120 * 1024 * 1024);

say("Sign-in, beside what Argon2id allows");
// A line for each of so many people that nobody signs in more than about twenty times: who has many sessions has the oldest looked for, too.
const visitors = [];
const many = Math.max(100, Math.ceil((2 * rounds * seconds * 60 * cpus().length) / 20));
for (let number = 0; number < many; number += 1) visitors.push((await house.signUp()).signIn);
const claims = `${house.folder}/claims`;
writeFileSync(claims, visitors.map(({ body }) => `${body}\n`).join(""));
const { headers } = visitors[0];
execFileSync("sync");
const ratios = [], toKept = [], meanwhile = [];
const ceilingOf = async (...how) => Number((await promisify(execFile)(`${examples}/argon2_ceiling`, [String(seconds), ...how])).stdout);
for (let round = 0; round < rounds; round += 1) {
  const ceiling = await ceilingOf();
  const signIn = () => oha(`${house.address}/api/auth/sign-in`, { method: "POST", headers, lines: claims, connections: 16, seconds });
  const signedIn = rate(await signIn());
  ratios.push(signedIn / ceiling);
  toKept.push(signedIn / (await ceilingOf("kept")));
  // Once more, while somebody reads: what they take is not taken from the figure above.
  const probe = new Promise((done) => setTimeout(() => done(oha(`${house.address}/signin`, { headers: { accept: "text/html" }, connections: 2, perSecond: 20, seconds: seconds - 2 })), 1000));
  await signIn();
  meanwhile.push(p99(await probe));
}
row("sign-in, to what Argon2id allows on this machine", percent(median(ratios)), "≥ 90 %", median(ratios) >= 0.9);
row("… to hashes alone in memory that is kept, in huge pages, as the server has it", percent(median(toKept)), "for comparison");
row("… `GET /signin` meanwhile, p99", `${median(meanwhile).toFixed(0)} ms`, "< 50 ms", median(meanwhile) < 50);

const stormy = memory(house.pid).most;
row("… resident memory at peak", mib(stormy), `bounded: 19 MiB for each of ${cpus().length} cores more`, stormy <= peak + (cpus().length * 19 + 20) * 1024 * 1024);

say("First visit");
for (const [path, most, requests] of [["/dashboard", 140_000, 8], ["/signin", 40_000, undefined]]) {
  const visit = await firstVisit(house.address, path, path === "/dashboard" ? person.cookie : undefined);
  const met = visit.bytes <= most && (requests === undefined || visit.requests <= requests);
  row(`first visit of \`${path}\``, `${(visit.bytes / 1000).toFixed(1)} KB in ${visit.requests} requests`, `≤ ${most / 1000} KB${requests ? ` in ≤ ${requests}` : ""}`, met);
  if (visit.wasm) row("… of which WASM", `${(visit.wasm / 1000).toFixed(1)} KB`, "≤ 120 KB", visit.wasm <= 120_000);
}

// Two houses that differ in the size of their tables alone, asked in turn: what happens to the machine meanwhile happens to both.
say("A million tasks in the table, beside fifty");
const crowded = emptyDatabase("large");
const large = await House.open({ DATABASE_URL: crowded });
const neighbour = await large.signUp();
await neighbour.addTasks(50);
execFileSync("psql", ["-q", "-d", crowded, "-f", new URL("million.sql", import.meta.url).pathname]);
execFileSync("psql", ["-q", "-d", database, "-c", "VACUUM (ANALYZE)"]);
execFileSync("sync");
const pageTime = async (at, { cookie: theirs }) => {
  const result = await oha(`${at.address}/dashboard`, { headers: { cookie: theirs, accept: "text/html" }, connections: 4, seconds });
  return result.latencyPercentiles.p50;
};
const growths = [];
for (let round = 0; round < rounds; round += 1) growths.push((1 / (await pageTime(house, person))) * (await pageTime(large, neighbour)));
const growth = median(growths);
row("page time with 1,000,000 tasks in the table, to 50", `${growth.toFixed(2)} times`, "≤ 1.3 times", growth <= 1.3);

await large.close();
await house.close();

console.log(`| work | measured | goal | |\n|---|---|---|---|`);
for (const { work, figure, goal, met } of rows) console.log(`| ${work} | ${figure} | ${goal} | ${met === undefined ? "" : met ? "met" : "**missed**"} |`);
if (rows.some(({ met }) => met === false)) process.exitCode = 1;
