import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover } from "../../src/manifest/discover.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tenantry-discover-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(path: string, content: string | Buffer = "org: x\n"): string {
  const full = join(cwd, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

function found(directory = "tenants") {
  const { files, diagnostics } = discover(directory, { cwd });
  return {
    files: files.map(({ path }) => path),
    faults: diagnostics.map(({ code, at }) => [code, at?.file.path ?? null]),
  };
}

describe("discover", () => {
  it("finds every manifest, sorted by code unit", () => {
    const paths = [
      "catalog.yaml",
      "catalog/flags.yaml",
      "orgs/Zeta.yaml",
      "orgs/acme.yml",
      "orgs/eu/b.yaml",
      "other.yaml",
    ];
    for (const path of [...paths].reverse()) write(`tenants/${path}`);
    expect(found()).toEqual({ files: paths.map((path) => `tenants/${path}`), faults: [] });
  });

  it("leaves out what is not a manifest", () => {
    write("tenants/catalog.yaml");
    for (const path of [
      "README.md",
      ".hidden.yaml",
      ".git/x.yaml",
      "orgs/.#acme.yaml",
      "orgs/acme.yaml~",
      "orgs/acme.yaml.bak",
    ]) {
      write(`tenants/${path}`);
    }
    for (const path of ["estate.yaml", "overlays/staging/orgs/acme.yaml"]) write(`tenants/${path}`);
    expect(found()).toEqual({ files: ["tenants/catalog.yaml"], faults: [] });
  });

  it("finds the overlay of the estate that is asked for, and no other", () => {
    const paths = ["catalog.yaml", "orgs/overlays/x.yaml", "overlays/staging/orgs/acme.yaml"];
    for (const path of paths) write(`tenants/${path}`);
    for (const path of ["estate.yaml", "overlays/production/a.yaml", "overlays/stray.yaml"])
      write(`tenants/${path}`);
    const { files, diagnostics } = discover("tenants", { cwd, overlay: "staging" });
    expect(files.map(({ path, overlay }) => [path, overlay])).toEqual([
      ["tenants/catalog.yaml", undefined],
      ["tenants/orgs/overlays/x.yaml", undefined],
      ["tenants/overlays/staging/orgs/acme.yaml", "staging"],
    ]);
    expect(diagnostics).toEqual([]);
  });

  it("reads the text as it is", () => {
    write("tenants/catalog.yaml", "\ufeffcatalog: x\r\n");
    expect(discover("tenants", { cwd }).files).toMatchObject([
      { path: "tenants/catalog.yaml", text: "\ufeffcatalog: x\r\n" },
    ]);
  });

  it("shows paths as they are typed", () => {
    write("tenants/catalog.yaml");
    expect(found("./tenants/").files).toEqual(["tenants/catalog.yaml"]);
    expect(found(join(cwd, "tenants")).files).toEqual(["tenants/catalog.yaml"]);
    expect(discover("../tenants", { cwd: join(cwd, "app") }).files.map(({ path }) => path)).toEqual([
      `${cwd}/tenants/catalog.yaml`,
    ]);
  });

  it("tells how far it is", () => {
    for (const name of ["a", "b", "c"]) write(`tenants/orgs/${name}.yaml`);
    const steps: number[][] = [];
    discover("tenants", { cwd, onProgress: (read, total) => steps.push([read, total]) });
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it.each([
    ["missing", () => {}],
    ["empty", () => mkdirSync(join(cwd, "tenants"))],
    ["without a manifest", () => write("tenants/README.md")],
    ["a file", () => write("tenants")],
  ])("a directory that is %s has no manifests", (_, prepare) => {
    prepare();
    const { files, diagnostics } = discover("tenants", { cwd });
    expect(files).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: "no-manifests", at: null, detail: expect.stringContaining("tenants") },
    ]);
  });

  it("follows links to files within, and nowhere else", () => {
    write("tenants/.data/acme.yaml");
    write("secret.yaml");
    write("elsewhere/orgs/x.yaml");
    write("tenants-of-others/x.yaml");
    symlinkSync(".data/acme.yaml", join(cwd, "tenants/acme.yaml"));
    symlinkSync("../secret.yaml", join(cwd, "tenants/secret.yaml"));
    symlinkSync("../tenants-of-others/x.yaml", join(cwd, "tenants/sibling.yaml"));
    symlinkSync("nowhere", join(cwd, "tenants/lost.yaml"));
    symlinkSync("../elsewhere", join(cwd, "tenants/linked"));
    symlinkSync("..", join(cwd, "tenants/loop"));
    symlinkSync("/etc/hostname", join(cwd, "tenants/notes.txt"));
    const { files, faults } = found();
    expect(files).toEqual(["tenants/acme.yaml"]);
    expect(faults.sort()).toEqual(
      ["linked", "loop", "lost.yaml", "secret.yaml", "sibling.yaml"].map((name) => [
        "unreadable-file",
        `tenants/${name}`,
      ]),
    );
  });

  it("goes through a link that is the directory itself", () => {
    write("real/catalog.yaml");
    symlinkSync("real", join(cwd, "tenants"));
    expect(found()).toEqual({ files: ["tenants/catalog.yaml"], faults: [] });
  });

  it("reports what looks like a manifest and cannot be read", () => {
    write("tenants/latin.yaml", Buffer.from([0x6e, 0xe9]));
    write("tenants/large.yaml", Buffer.alloc(8 * 1024 * 1024 + 1, "#"));
    mkdirSync(join(cwd, "tenants/folder.yaml"));
    expect(found()).toEqual({
      files: [],
      faults: [
        ["unreadable-file", "tenants/folder.yaml"],
        ["too-large", "tenants/large.yaml"],
        ["bad-text", "tenants/latin.yaml"],
      ],
    });
  });

  it.skipIf(process.getuid?.() === 0)("says when permission is denied", () => {
    chmodSync(write("tenants/closed.yaml"), 0);
    expect(discover("tenants", { cwd }).diagnostics).toMatchObject([
      { code: "unreadable-file", detail: "It cannot be read: permission denied." },
    ]);
  });
});
