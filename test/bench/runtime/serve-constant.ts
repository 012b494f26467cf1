import Fastify from "fastify";
import { serverLimits } from "../../../src/server/make-server.ts";

// The limit over HTTP: the same framework with the same options, which reads the same body and always says the same.
const app = Fastify(serverLimits);
app.post("/v1/orgs/:org/check", (_, reply) => {
  reply.send({ decision: true });
});
process.stdout.write(`${await app.listen({ port: 0, host: "127.0.0.1" })}\n`);
