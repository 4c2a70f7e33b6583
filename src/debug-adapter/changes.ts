import { t } from '@vscode/l10n';
import { PlainError } from '../base/plain-error.ts';
import { describe } from '../debug/breakpoints.ts';
import type { Debugger } from '../debug/debugger.ts';
import { isRequest, type Edit } from '../debug/edits.ts';
import { statusAt } from '../debug/facts.ts';
import type { Moment } from '../debug/moments.ts';
import type { Recording } from '../debug/recording.ts';
import type { Command } from './commands.ts';
import type { Progress } from './progress.ts';
import { parseReplacement, replacementText } from './replacement.ts';
import { parseValue, valueIn } from './replaced-value.ts';
import { scopesOf } from './scopes.ts';
import type { Expandable } from './variables.ts';
import type { Walk } from './walk.ts';

/** A change that cannot be made; the message is one sentence for people. */
export class ChangeError extends PlainError {
  override readonly name = 'ChangeError';
}

interface ChangesOptions {
  readonly walk: Walk;
  readonly progress: Progress;
  /** Called when there is one more future, in which all that is shown is another. @param text what was changed */
  readonly onChange: (debugging: Debugger, text: string) => void;
}

/** What somebody changes in a run where it stands. Each change makes another future, which has to be simulated. */
export class Changes {
  readonly #options: ChangesOptions;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /**
   * Sets a field of the answer that comes next, or a part of its value.
   * @param parent what has the field
   * @returns what the field is then
   * @throws ChangeError, UnansweredError
   */
  async setAnswer(
    debugging: Debugger | undefined,
    { path, isEditable }: Expandable,
    name: string,
    value: string,
  ): Promise<unknown> {
    const effect = debugging?.recording.moments.effect(debugging.at);
    if (debugging === undefined || isEditable !== true || effect === undefined || !isRequest(effect)) {
      throw new ChangeError(
        t('Only the answer to a request can be changed: stop before one and set status, delay, lost, never or value.'),
      );
    }
    const { recording, at } = debugging;
    const usualUs = answeredAfterUs(debugging.unchanged, at) ?? 0;
    const was = {
      status: statusAt(recording, at) ?? 200,
      heldBackUs: recording.throttled.get(at) ?? 0,
      afterUs: answeredAfterUs(recording, at) ?? usualUs,
      usualUs,
    };
    const whole = [...path, name];
    const replacement =
      whole[0] === 'value'
        ? parseValue(whole.slice(1), value, valueAt(debugging), effect.kind === 'http')
        : parseReplacement(name, value, was);
    if (typeof replacement === 'string') throw new ChangeError(replacement);
    const said = replacementText(replacement, describe(recording, at), was);
    await this.#edit(debugging, { kind: 'answer', moment: at, replacement }, said);
    const answer = scopesOf(debugging, at).find((each) => each.isEditable === true)?.value;
    const now = valueIn(answer, whole);
    return now === undefined ? value : now;
  }

  /** @returns what is said of it @throws ChangeError, UnansweredError */
  async obey(command: Command, debugging: Debugger): Promise<string> {
    switch (command.kind) {
      case 'say':
        return command.text;
      case 'edit':
        await this.#edit(debugging, command.edit, command.said);
        return command.said;
      case 'future':
        this.#options.walk.arrive(debugging.take(command.future));
        return t('This is future {0}.', command.future);
      case 'goto':
        this.#options.walk.arrive(debugging.goTo(command.moment));
        return describe(debugging.recording, command.moment);
    }
  }

  async #edit(debugging: Debugger, edit: Edit, said: string): Promise<void> {
    const { walk, progress, onChange } = this.#options;
    if (!(await progress.during(walk.signal, (waiter) => debugging.edit(edit, waiter)))) {
      throw new ChangeError(t('Its simulation was given up: nothing is changed.'));
    }
    onChange(debugging, said);
  }
}

/** What the answer says that comes next, as it is; without a change where one has refused it. */
function valueAt({ recording, unchanged, at }: Debugger): unknown {
  const answers = [recording, unchanged].map(({ moments }) => moments.answerOf(at));
  const said = answers.find(({ kind }) => kind === 'value');
  return said?.kind === 'value' ? said.value : undefined;
}

/** How long the server takes to answer, without what the client held the request back for; undefined where no answer comes. */
function answeredAfterUs({ moments, throttled }: Recording, at: Moment): number | undefined {
  const answer = moments.answerOf(at);
  if (answer.kind === 'none') return undefined;
  return Math.max(0, answer.atUs - moments.timeUs(at) - (throttled.get(at) ?? 0));
}
