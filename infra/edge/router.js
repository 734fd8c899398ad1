// Viewer request of the site: the entry and all deep links get the site's only page, whose
// router reads the address. Files (a dot in the last segment) pass unchanged. CloudFront
// chooses the behaviour by the path without dot segments, but would request the path
// with them from the bucket: /. is the entry too.
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
