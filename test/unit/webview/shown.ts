import type { HostMessage } from '../../../src/protocol.ts';
import { DARK, paletteOf } from '../../../src/timeline/palette.ts';
import { SessionModel } from '../../../src/webview/session-model.ts';
import type { Theme } from '../../../src/webview/theme.ts';
import { View } from '../../../src/webview/view.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';

export const THEME: Theme = {
  palette: paletteOf(DARK),
  colours: DARK,
  background: '#1e1e1e',
  foreground: '#cccccc',
  faint: '#999999',
  grid: '#333333',
  header: '#252526',
  focus: '#007fd4',
  gain: '#3fb950',
  marks: '#cccccc',
  now: '#f85149',
  path: '#ffd75f',
  stopped: '#ffcc00',
  breakpoint: '#e51400',
  font: 'sans-serif',
  sessions: ['#4fa3ff', '#3fb950'],
};

/** Old above new, as the first run has them. */
export function both(runners: number, info: ConstructorParameters<typeof VirtualSession>[1] = {}): VirtualSession[] {
  return (['old', 'new'] as const).map(
    (mode, colour) => new VirtualSession({ mode, runners }, { colour, ...info, id: mode }),
  );
}

/** What the page knows of sessions that have run until a time, all of it in view. */
export function shown(sessions: readonly VirtualSession[], untilUs: number, widthPx = 1000, heightPx = 500): View {
  const view = new View();
  const messages = sessions.flatMap((session) => [...session.until(untilUs), ...session.end()]);
  for (const message of messages) take(view, message);
  view.resize(widthPx, heightPx, 1);
  view.fit();
  return view;
}

function take(view: View, message: HostMessage): void {
  if (message.type === 'session') {
    const known = view.session(message.session.id);
    if (known === undefined) view.sessions.push(new SessionModel(message.session));
    else known.update(message.session, 0);
  } else if (message.type === 'bars') view.session(message.session)?.append(message, 0);
}
