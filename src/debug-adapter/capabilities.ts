import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { exceptions } from '../debug/breakpoints.ts';

/** What the adapter can do, as an editor is answered that begins. */
export function capabilities(): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
    supportsFunctionBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsStepBack: true,
    supportsSetVariable: true,
    supportsEvaluateForHovers: true,
    supportsDataBreakpoints: true,
    supportsExceptionFilterOptions: true,
    supportsExceptionInfoRequest: true,
    supportsTerminateRequest: true,
    supportsGotoTargetsRequest: true,
    supportsCancelRequest: true,
    exceptionBreakpointFilters: exceptions().map(({ id, label, description, isDefault, takesLimit }) => ({
      filter: id,
      label,
      description,
      default: isDefault,
      supportsCondition: true,
      ...(takesLimit ? { conditionDescription: t('milliseconds, or a CEL expression') } : {}),
    })),
  };
}
