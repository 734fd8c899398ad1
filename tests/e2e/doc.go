// Package e2e runs the text scripts beside it against a whole Minim: a local
// cloud of its own for each script, started by `make dev` on fresh data, or the
// live stage that BASE_URL names (with API_KEY; scripts that need more of the
// machine than HTTP are skipped there).
//
// A script is made of cases, parted by empty lines; `#` begins a comment. A
// case is a command, then lines that go with it. $NAME is a variable; each
// script starts with $KEY (the developer's API key), $BASE (the address) and
// $TODAY (the UTC date).
//
// A request is a method and a path or URL. With it go
//
//	> Name: value         a header
//	< text                the body (several lines are joined); < @name is an image's bytes
//	as NAME               the API key of the owner NAME, else of $KEY; `as nobody` sends none
//	times 24              so many at once, instead of one
//	within 60s            ask again until every check holds, at most so long; caches outlive a change by up to 30s
//	                      on a busy machine
//	for 5s                every check must hold all that time
//
// and checks, of which == may be !=, ~ or !~ (regular expression), < or >:
//
//	status == 201         with times: statuses == 201×1 409×23
//	header Location == …  (an absent header is "")
//	json .items.0.url == …   the value as text; .items.# is a length
//	body ~ …
//	image == 640x480 upright clean      size; right way up; no metadata
//	set NAME json .code   keeps a value, also: set NAME header X, set NAME body;
//	                      set NAME body ~ (…) keeps what the group matches
//
// The other commands:
//
//	cloud NAME=value      a switch of the local cloud; first in the script
//	owner NAME            makes an API key for another owner, with scopes after it
//	invoke FN {…}         a synchronous invocation; then checks on json, status (200, or 500 for a function error)
//	time NAME 3s          a moment from now, as RFC 3339
//	photo NAME 4000x3000 orientation 6   an image to upload, with ${NAME.bytes} and ${NAME.sha256};
//	                      with " broken" at the end, one that cannot be decoded
//	file NAME text…       a file that is no image
//	send NAME to VAR      uploads as the object VAR ({method, url, headers}) says
//	put NAME to BUCKET KEY   a file into a bucket, uploads or another
//	message QUEUE {…}     a message into a queue
//	schedule FN           starts the function as its schedule would
//	log FN                what the function has logged; then within and checks on body
//	visit 300 by 20 PATH with noise   visits at once; noise: HEADs, bots and prefetches in between
//	minim ARGUMENTS       the command, with < for its input (\n ends a line) and @NAME for an image; then within and checks: status is
//	                      the exit code, body the output, header Stderr the messages; qr is the code that the output draws
//	refusals              sends what every operation of the contract must refuse
//	kill FN 5 every 200ms ends the function's processes so often, beside the next command
package e2e
