// Viewer request: the site's entry and its deep links all get the one page that
// the site is made of; its router reads the address. Files (a dot in the last
// segment) and everything outside the site pass as they are.
function handler(event) {
    var request = event.request;
    var uri = request.uri;
    var deep = uri.indexOf('/app/') === 0 && uri.lastIndexOf('.') < uri.lastIndexOf('/');
    if (uri === '/' || uri === '/app' || deep) {
        request.uri = '/app/index.html';
    }
    return request;
}
