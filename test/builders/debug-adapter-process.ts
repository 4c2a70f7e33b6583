/** The command line's debug adapter as a file of its own: the test client starts its adapter without arguments. */
process.argv.push('debug-adapter');
await import('../../src/cli/entry.ts');
