import type { LogFit, Simulation } from '../fit/log-fit.ts';
import type { Explanation } from '../evidence/explain.ts';

/** The answer of `arc-lab why` for programs, as media/why.schema.json says. */
export function whyJson(explanation: Explanation, { settings, simulation }: LogFit): string {
  const { verdict, remarks, release, runners, findings, files, lineName } = explanation;
  return `${JSON.stringify(
    {
      verdict,
      remarks,
      release: release?.text ?? null,
      settings,
      simulation: simulation === undefined ? null : simulationJson(simulation),
      runners,
      findings: findings.map(
        ({ evidence, burst: _burst, weightUs: _weight, asDetail: _detail, cause: _cause, ...finding }) => ({
          ...finding,
          evidence: evidence.map(({ at, says }) => ({ line: lineName(at), says })),
        }),
      ),
      read: files.map(({ file, format, lines, unknown, newMessages, sampledAway, problems }) => ({
        file,
        format: format ?? null,
        lines,
        unknownLines: unknown,
        unknownMessages: newMessages,
        sampledAway,
        problems,
      })),
    },
    null,
    2,
  )}\n`;
}

function simulationJson({ fit, isClose, gains }: Simulation): unknown {
  const { run, observed, medianOff, lastOff } = fit;
  return {
    mode: run.settings.mode,
    runners: run.settings.runners,
    throughSet: observed.isThroughSet,
    medianOff: Number.isFinite(medianOff) ? medianOff : null,
    lastOff: Number.isFinite(lastOff) ? lastOff : null,
    isClose,
    gains: gains.map(({ text, isSetting, lastPodUs, soonerUs, soonerWithinUs }) => ({
      change: text,
      isSetting,
      lastPodS: Number.isFinite(lastPodUs) ? lastPodUs / 1e6 : null,
      soonerS: Number.isFinite(soonerUs) ? soonerUs / 1e6 : null,
      soonerWithinS: soonerWithinUs.map((us) => (Number.isFinite(us) ? us / 1e6 : null)),
    })),
  };
}
