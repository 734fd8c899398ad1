// Viewer request of the site: its entry and its deep links all get the one page that
// the site is made of; its router reads the address. Files (a dot in the last segment)
// pass as they are. CloudFront chooses the behaviour by the path without dot segments,
// but the bucket would be asked for the path with them: /. is the entry, too.
var files = { '/robots.txt': true, '/favicon.ico': true };
var dots = /\/(\.|%2e){1,2}(\/|$)/i;

function handler(event) {
    var request = event.request;
    var uri = request.uri;
    var inside = uri.indexOf('/app/') === 0 && !dots.test(uri);
    var deep = inside && uri.lastIndexOf('.') < uri.lastIndexOf('/');
    if (!files[uri] && (!inside || deep)) {
        request.uri = '/app/index.html';
    }
    return request;
}
