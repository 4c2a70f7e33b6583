import { isCommonWait } from '../trace/why.ts';

/** Whether the word of a pod's bar names a wait that every pod passes through, instead of something that is wrong. */
export function isCommonWord(code: string): boolean {
  return isCommonWait({ code });
}
