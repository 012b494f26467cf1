import { createServer } from "node:http";
import { toNodeHandler } from "better-auth/node";
import { makeAuth } from "./auth.mjs";

const { rightsByRole, port, databaseUrl } = JSON.parse(process.env.BENCH_AUTH);
const origin = `http://127.0.0.1:${port}`;
const { auth } = makeAuth({ rightsByRole, origin, databaseUrl });
createServer(toNodeHandler(auth)).listen(port, "127.0.0.1", () => process.stdout.write(`${origin}\n`));
