// Viewer request of the API, which knows each credential by one header: the session of a
// browser goes on as `Authorization: Session ORIGIN TOKEN`, unless there is an API key. ORIGIN
// is same-origin if a page of this site sent the request; nothing else may write
// (functions/authorize). Browsers that do not send Sec-Fetch-Site send Origin with writes.
function handler(event) {
    var request = event.request;
    var headers = request.headers;
    var cookie = request.cookies['__Host-session'];
    if (cookie && !headers.authorization) {
        var site = headers['sec-fetch-site'];
        var own = site ? site.value === 'same-origin' : headers.origin && headers.origin.value === 'https://' + headers.host.value;
        headers.authorization = { value: 'Session ' + (own ? 'same-origin' : 'other') + ' ' + cookie.value };
    }
    return request;
}
