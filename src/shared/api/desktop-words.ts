/** The two words between the desktop window's page, its preload script and the program; the preload script has nothing else. */

/** By this word the page asks for its port. */
export const CONNECT_REQUEST = 'botpool:connect';
/** On this channel the program sends the page to one of its places. */
export const OPEN_PLACE = 'botpool:open';
