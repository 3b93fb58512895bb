/** `npm start`: sets up what is missing, then opens JupyterLab on the notebooks; ends with it. */
import { main } from "./setup/failure";
import { setUp } from "./setup/setup";
import { jupyterArguments, requireFreePort, serve } from "./start/jupyter";

void main(async () => {
  const given = process.argv.slice(2);
  await requireFreePort(given);
  await setUp();
  return serve(jupyterArguments(given));
});
