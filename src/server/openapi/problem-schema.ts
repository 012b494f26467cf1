import { problems } from "../problem.ts";

const all = Object.entries(problems);

/** A problem, in the closed set that programs may rely on. */
export const problemSchema = {
  title: "Problem",
  description: `A problem as RFC 9457 has it:\n${all
    .map(([name, { status, title }]) => `- ${status} \`urn:tenantry:problem:${name}\`: ${title}`)
    .join("\n")}`,
  type: "object",
  required: ["type", "title", "status"],
  properties: {
    type: { type: "string", enum: all.map(([name]) => `urn:tenantry:problem:${name}`) },
    title: { type: "string", description: "Always the same for a type" },
    status: { type: "integer" },
    detail: { type: "string", description: "What is wrong with this request, and what would be right" },
    at: { type: "string", description: "Where in the request's body: a JSON pointer" },
  },
  additionalProperties: false,
};
