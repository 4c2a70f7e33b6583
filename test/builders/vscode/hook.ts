import { registerHooks } from 'node:module';

/** From here on `vscode` is the stand-in beside this file; to be imported before anything of src/extension is. */
const standIn = new URL('./interface.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
