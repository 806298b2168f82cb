// Whether a text is Power Query's language, by Microsoft's own parser: prints what is wrong with it, or nothing.
import { readFileSync } from "node:fs";
import PQP from "@microsoft/powerquery-parser";

const parsed = await PQP.TaskUtils.tryLexParse(PQP.DefaultSettings, readFileSync(process.argv[2], "utf8"));
if (!PQP.TaskUtils.isParseStageOk(parsed)) {
  console.log(parsed.error?.message ?? "no parse");
  process.exitCode = 1;
}
