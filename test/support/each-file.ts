/** Runs anew before each test file, also where the files share their worker's modules. */
import { afterAll } from "vitest";
import { endFile } from "./file-end.ts";

afterAll(endFile);
