// Viewer request of short links. Older browsers mark a prefetch by headers of their own;
// all marks go on as Sec-Purpose, because an origin request policy names ten headers at
// most. A percent sign that begins no escape is escaped, as browsers do it in a query:
// API Gateway refuses such paths with an answer of its own.
function handler(event) {
    var request = event.request;
    var headers = request.headers;
    ['purpose', 'x-purpose', 'x-moz'].forEach(function (name) {
        if (headers[name] && !headers['sec-purpose']) {
            headers['sec-purpose'] = { value: headers[name].value };
        }
    });
    request.uri = request.uri.replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
    return request;
}
