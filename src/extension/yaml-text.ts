/** Loaded when the first manifest is shown: VS Code waits for what an extension loads at once. */
export { stringify } from 'yaml';
