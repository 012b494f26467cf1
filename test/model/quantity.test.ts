import fc from "fast-check";
import { expect, test } from "vitest";
import {
  durationText,
  isEntitlementValue,
  parseAmount,
  parseDuration,
  parseEntitlement,
  parsePercent,
  parseQuota,
  parseRate,
  percentText,
  quantityText,
} from "../../src/model/quantity.ts";

test.each([
  ["50", 50],
  ["0", 0],
  ["10_000", 10_000],
  ["1_000_000", 1_000_000],
  ["unlimited", "unlimited"],
  ["", null],
  ["-1", null],
  ["1.5", null],
  ["1e3", null],
  ["0x10", null],
  ["10_00", null],
  ["_100", null],
  ["1000_000", null],
  ["99999999999999999999", null],
  ["Unlimited", null],
])("amount %j", (text, amount) => {
  expect(parseAmount(text)).toBe(amount);
});

test.each([
  ["10_000/month", { amount: 10_000, per: "month" }],
  ["unlimited/day", { amount: "unlimited", per: "day" }],
  ["unlimited", { amount: "unlimited", per: "month" }],
  ["10_000", null],
  ["10/second", null],
  ["10/month/day", null],
  ["10/constructor", null],
  ["/month", null],
])("quota %j", (text, quota) => {
  expect(parseQuota(text)).toEqual(quota);
});

test.each([
  ["1_200/minute", { amount: 1_200, per: "minute" }],
  ["5/second", { amount: 5, per: "second" }],
  ["0/minute", null],
  ["unlimited/minute", null],
  ["5/toString", null],
])("rate %j", (text, rate) => {
  expect(parseRate(text)).toEqual(rate);
});

test.each([
  ["25%", 25],
  ["0.125%", 0.125],
  ["100%", 100],
  ["100.001%", null],
  ["0.1234%", null],
  ["25", null],
  ["-1%", null],
  ["%", null],
])("percentage %j", (text, percent) => {
  expect(parsePercent(text)).toBe(percent);
});

test.each([
  ["14 days", 1_209_600],
  ["1 day", 86_400],
  ["90 minutes", 5_400],
  ["1_000 seconds", 1_000],
  ["1 days", null],
  ["2 day", null],
  ["1 month", null],
  ["14days", null],
  ["days", null],
])("duration %j", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  ["switch", "true", true],
  ["switch", "yes", null],
  ["limit", "50", 50],
  ["limit", "10/month", null],
  ["quota", "10/month", { amount: 10, per: "month" }],
  ["choice", "standard", "standard"],
  ["choice", "platinum", null],
] as const)("a %s from %j", (type, text, value) => {
  expect(parseEntitlement({ type, choices: ["community", "standard"] }, text)).toEqual(value);
});

test.each([
  ["switch", 1],
  ["limit", true],
  ["limit", -1],
  ["limit", 1.5],
  ["quota", 10],
  ["quota", { amount: 10, per: "second" }],
  ["quota", { amount: -10, per: "month" }],
  ["quota", [10, "month"]],
  ["choice", "platinum"],
] as const)("of a %s %j is no value", (type, value) => {
  expect(isEntitlementValue({ type, choices: ["community"] }, value)).toBe(false);
});

test("what is written reads back as the same", () => {
  const per = fc.constantFrom("minute", "hour", "day", "week", "month", "year");
  const amount = fc.oneof(fc.nat(), fc.constant("unlimited" as const));
  fc.assert(
    fc.property(fc.record({ amount, per }), (quota) => {
      expect(parseQuota(quantityText(quota as Parameters<typeof quantityText>[0]))).toEqual(quota);
      expect(parseAmount(quantityText(quota.amount))).toBe(quota.amount);
    }),
  );
  fc.assert(
    fc.property(fc.nat(), (seconds) => {
      expect(parseDuration(durationText(seconds))).toBe(seconds);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
      expect(parsePercent(percentText(thousandths / 1000))).toBe(thousandths / 1000);
    }),
  );
});

test("as a person would write it", () => {
  expect(
    [1_200, 999, 1_000_000, "unlimited", true, { amount: 250_000, per: "month" } as const].map(quantityText),
  ).toEqual(["1_200", "999", "1_000_000", "unlimited", "true", "250_000/month"]);
  expect([durationText(1_209_600), durationText(86_400 * 15), durationText(1)]).toEqual([
    "2 weeks",
    "15 days",
    "1 second",
  ]);
});
