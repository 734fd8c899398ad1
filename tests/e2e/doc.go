// Package e2e runs the text scripts of this folder against a complete Minim: a
// separate local cloud for each script, started by `make dev` with fresh data, or
// the live stage that BASE_URL names (with API_KEY; scripts that need more than
// HTTP are skipped there).
//
// A script consists of cases, separated by empty lines; `#` begins a comment. A
// case is a command, followed by its options and checks. $NAME is a variable; each
// script starts with $KEY (the developer's API key), $BASE (the address) and
// $TODAY (the UTC date).
//
// A request is a method and a path or URL. Its options are
//
//	> Name: value         a header
//	< text                the body (several lines are joined); < @name is an image's bytes
//	as NAME               the API key of the owner NAME instead of $KEY; `as nobody` sends none
//	times 24              sends so many requests at once
//	within 60s            repeats the request until every check passes, for at most this time; caches can
//	                      outlive a change by up to 30s on a busy machine
//	for 5s                every check must pass for this time
//
// and its checks, in which == can also be !=, ~ or !~ (regular expression), < or >:
//
//	status == 201         with times: statuses == 201×1 409×23
//	header Location == …  (an absent header is "")
//	json .items.0.url == …   the value as text; .items.# is a length
//	body ~ …
//	image == 640x480 upright clean      size; right way up; no metadata
//	set NAME json .code   sets a variable, also: set NAME header X, set NAME body;
//	                      set NAME body ~ (…) sets it to the group's match
//
// The other commands:
//
//	cloud NAME=value      sets a switch of the local cloud; must come first in the script
//	owner NAME            creates an API key for another owner, with the scopes that follow
//	invoke FN {…}         a synchronous invocation; then checks on json, status (200, or 500 for a function error)
//	time NAME 3s          sets a variable to a time from now, as RFC 3339
//	photo NAME 4000x3000 orientation 6   an image to upload, with ${NAME.bytes} and ${NAME.sha256};
//	                      with " broken" at the end, one that cannot be decoded
//	file NAME text…       a file that is not an image
//	send NAME to VAR      uploads a file with the request in VAR ({method, url, headers})
//	put NAME to BUCKET KEY   puts a file into a bucket, uploads or another
//	message QUEUE {…}     sends a message to a queue
//	schedule FN           starts the function as its schedule would
//	log FN                reads the function's log; then within and checks on body
//	visit 300 by 20 PATH with noise   300 visits, 20 at a time; noise adds HEADs, bots and prefetches
//	minim ARGUMENTS       the command, with < for its input (\n ends a line) and @NAME for an image; then within and checks: status is
//	                      the exit code, body the output, header Stderr the messages; qr is the code that the output draws
//	refusals              sends requests that every operation of the contract must refuse
//	kill FN 5 every 200ms kills the function's processes 5 times, during the next command
package e2e
