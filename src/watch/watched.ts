/** What a watch goes by among sessions, whose names are modes. */
export const WATCHED = 'watch';
