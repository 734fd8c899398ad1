// Generated from docs/openapi.yaml by make generate. Do not edit.

export interface paths {
    "/api/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List, search and filter links
         * @description Needs the scope `links:read`. The caller's links, newest first, without deleted ones. A page reads at most
         *     1,000 links. So one of a search that few links match may have fewer links than `limit`, even none, and still a
         *     `next`.
         *
         *     As JSON or, by the Accept header, as CSV: the pages, of which the first begins with the names of the columns,
         *     are one table.
         */
        get: operations["listLinks"];
        put?: never;
        /**
         * Make a short link
         * @description Needs the scope `links:write`. Without `code` the link gets a generated one. An `Idempotency-Key` is
         *     remembered for 24 hours: the same request with the same key gets the same answer, another request
         *     with it 422.
         */
        post: operations["createLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, edit, tag and delete many links
         * @description Needs the scope `links:write`. Up to 100 changes, each with a result of its own: one that fails changes nothing
         *     and stops no other. Items that name the same code are handled in their order, others at the same time. If
         *     time runs out, the rest get 503 and can be sent again.
         *
         *     An `Idempotency-Key` is remembered for 24 hours: the same request gets the same results, and only items that
         *     were not reached or refused are handled again; another request with it gets 422.
         */
        post: operations["changeLinks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Read a link
         * @description Needs the scope `links:read`.
         */
        get: operations["getLink"];
        put?: never;
        post?: never;
        /**
         * Delete a link
         * @description Needs the scope `links:write`. Visitors get 410. The link can be restored for 30 days, and its code stays taken.
         *     With `free=true` the link is gone for good, now or after an earlier deletion, and its codes can be used again. A
         *     new link with such a code starts without clicks.
         */
        delete: operations["deleteLink"];
        options?: never;
        head?: never;
        /**
         * Change a link
         * @description Needs the scope `links:write`. Absent fields stay as they are. With `If-Match` the link is only changed in the
         *     version with that entity tag. A new code keeps the link's statistics; the old one still leads to the link,
         *     unless `aliases` leaves it out. Visitors see a change within five seconds.
         */
        patch: operations["editLink"];
        trace?: never;
    };
    "/api/links/{code}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted link
         * @description Needs the scope `links:write`. Possible for 30 days after the deletion.
         */
        post: operations["restoreLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/{code}/history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Read who changed what of a link
         * @description Needs the scope `links:read`. Latest change first.
         */
        get: operations["getLinkHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/{code}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Count a link's clicks
         * @description Needs the scope `links:read`. As JSON or, by the Accept header, as CSV. Units are those of the time zone
         *     and shown whole, of minutes the quarter hours; days on which clocks are turned have 23 or 25 hours, and weeks
         *     begin on Monday. Units that have not begun are left out of the series. There are at most 24 hours by minutes, 31
         *     days by hours, 366 days by days, and five years by weeks and months.
         *
         *     All figures are of the same clicks: those from `from` to `to`. Clicks that were counted before November 2026 have no
         *     languages, and in parts of a UTC day no names: they count as `unknown`.
         */
        get: operations["getLinkStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/{code}/clicks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * List a link's clicks
         * @description Needs the scope `links:read`. Latest click first, of bots too. Clicks are kept for the stage's
         *     `clickRetention`, 90 days unless it is changed; counters stay. Who a visitor was is not stored.
         *
         *     As JSON or, by the Accept header, as CSV: the pages, of which the first begins with the names of the columns,
         *     are one table.
         */
        get: operations["listLinkClicks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/links/{code}/qr": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Draw a link's QR code
         * @description Needs the scope `links:read`, and with a logo `images:read`. The code contains the short link and the
         *     parameter `qr`, by which clicks from it are recognised. It is not sent to the destination.
         */
        get: operations["getLinkQR"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Follow a link
         * @description Counts a click, unless it is a HEAD or a prefetch; clicks of bots, link previews among them, are counted
         *     apart. A code that does not exist leads to the stage's fallback address (302) if it has one. A slash at the end is ignored.
         *
         *     A link that has expired, whose clicks are used up or that is disabled leads to its `expiredUrl` (302) if it has
         *     one; a deleted link never does. A link with a password answers with a form. A link with a password, a maximum of clicks or rules has `Cache-Control: no-store`.
         *
         *     Pages for people are HTML, in English, German, Spanish, French or Ukrainian by `Accept-Language`. A program
         *     that prefers JSON gets a problem document, and one that does not ask for HTML, such as curl, plain text.
         *     Programs that make cards for social networks get a page with the title, if the link has one.
         */
        get: operations["followLink"];
        put?: never;
        /**
         * Follow a link by POST
         * @description The password form of a link sends it here. The right password leads on (303); it may be tried five times a
         *     minute from one address.
         *
         *     Without a password the answer is the same as to GET. Browsers send the request with its body on to the
         *     destination of a link with the status 307 or 308. A QR code (`/{code}.qr`) takes no POST.
         */
        post: operations["openLink"];
        delete?: never;
        options?: never;
        /**
         * See where a link leads
         * @description The same answer as to GET, without a body, and never counted.
         */
        head: operations["checkLink"];
        patch?: never;
        trace?: never;
    };
    "/{code}+": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Show where a link leads
         * @description A page with the whole destination, a warning if its host imitates another name, title and date. Nothing is counted.
         */
        get: operations["previewLink"];
        put?: never;
        /**
         * Report a link
         * @description The form on the preview page sends it here. It is shown to admins and changes nothing about the link. Five reports a
         *     minute are possible from one address; of one link, five a minute are stored. Without a reason it is `other`.
         */
        post: operations["reportLink"];
        delete?: never;
        options?: never;
        /**
         * See whether a link has a preview
         * @description The same answer as to GET, without a body.
         */
        head: operations["checkPreview"];
        patch?: never;
        trace?: never;
    };
    "/{code}.qr": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /**
         * Draw a link's QR code for a visitor
         * @description The same code as the API draws, without a logo. Nothing is counted.
         */
        get: operations["drawLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * See whether a link has a QR code
         * @description The same answer as to GET, without a body.
         */
        head: operations["checkDrawing"];
        patch?: never;
        trace?: never;
    };
    "/api/abuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List visitors' reports of links
         * @description Needs the scope `admin`. Latest first, of the last 90 days. A report changes nothing about its link: take that down
         *     with `PATCH /api/links/{code}` and `takenDown`.
         */
        get: operations["listAbuse"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/abuse/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["AbuseID"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a report that has been dealt with
         * @description Needs the scope `admin`. A report that does not exist, or was removed before, is answered 204 too.
         */
        delete: operations["removeAbuse"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your images, newest first
         * @description Needs the scope `images:read`.
         */
        get: operations["listImages"];
        put?: never;
        /**
         * Announce an image
         * @description Needs the scope `images:write`, and `links:write` with a `code`. Answers with the one request that may send the announced
         *     file, straight to the storage: exactly that length, type and SHA-256. The image is processed when it has arrived.
         *
         *     An `Idempotency-Key` is remembered for 24 hours: the same request with it gets the same image and a new
         *     permission, another request 422.
         */
        post: operations["uploadImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ImageID"];
            };
            cookie?: never;
        };
        /**
         * Read an image
         * @description Needs the scope `images:read`. An image is done when its status is `ready` or `failed`; ask again until
         *     then, with the ETag of the last answer. One whose error is `expired` or `unprocessed` may still become
         *     ready, when its file arrives late or is tried again.
         */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /**
         * Delete an image
         * @description Needs the scope `images:write`. The image is gone at once, and does not come back if its file arrives
         *     later. Its file and those of its variants that no other image shares are removed a moment later; caches
         *     may keep a copy of a variant.
         */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        /**
         * Change an image
         * @description Needs the scope `images:write`. What is left out stays. With another `focus` the card and the square
         *     thumbnail are made again: until they are, the image has the old ones, and is `renewing`. Other images
         *     of the same file keep theirs. Crops of an earlier focus are removed.
         */
        patch: operations["editImage"];
        trace?: never;
    };
    "/api/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your reports, the newest first
         * @description Needs the scope `reports:read`. A report that is made again is new again.
         */
        get: operations["listReports"];
        put?: never;
        /**
         * Ask for a report
         * @description Needs the scope `reports:write`. The report of a day is made, or made again, within seconds; of today it
         *     tells the day so far. Days are UTC days.
         *
         *     An `Idempotency-Key` is remembered for 24 hours: another request with it gets 422. A day has one report of an
         *     owner in any case.
         */
        post: operations["requestReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReportID"];
            };
            cookie?: never;
        };
        /**
         * Read a report
         * @description Needs the scope `reports:read`. As JSON, as a page or as a table: by `format` or, without it, by the
         *     Accept header.
         */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Needs the scope `keys:read`. All API keys of the caller, newest first, with those that have expired. A new key may be
         *     missing in the first second.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create an API key
         * @description Needs the scope `keys:write`. The token is in this answer only: nothing stores it. The key has at most the scopes of the
         *     caller, and a key that is created with an API key that expires must not be valid for longer. An owner has at most 50.
         *
         *     The API key remembers its `Idempotency-Key` as long as it exists. The same request then gets 409, which names the
         *     API key, because its token cannot be shown again; another request gets 422.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["KeyID"];
            };
            cookie?: never;
        };
        /**
         * Read an API key
         * @description Needs the scope `keys:read`.
         */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Needs the scope `keys:write`. The key is gone at once, and its token is refused within 5 seconds. A key may revoke
         *     itself.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["KeyID"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the token of an API key
         * @description Needs the scope `keys:write`, and all scopes of the key. The new token is in this answer only. The one before works for
         *     24 hours or as long as `overlapHours` says, which can be 0: then all earlier ones are refused within 5 seconds. A key
         *     has at most 6 tokens that work.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I?
         * @description With an API key, `sessions` is empty. A session may be missing in the first second.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /**
         * Sign out
         * @description Ends the session that asks. It may be accepted for another 5 seconds.
         */
        delete: operations["closeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of the `sessions` of `GET /api/session`. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out of another browser */
        delete: operations["closeOtherSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/new": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in
         * @description For browsers. Leads to the issuer's pages, and from there to the callback.
         */
        get: operations["openSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Complete a sign-in
         * @description Where the issuer sends the browser. Each `state` works once, in the browser that began.
         */
        get: operations["completeSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List spaces
         * @description The caller's spaces, with their role in each; the personal one first.
         */
        get: operations["listSpaces"];
        put?: never;
        /**
         * Create a space
         * @description Its creator is its first admin. A person is in at most 20 spaces.
         */
        post: operations["createSpace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spaces/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description The token is in the mail, and works once, in 7 days. Whoever has it may accept it, whatever address it was sent to. A
         *     space has at most 50 members.
         */
        post: operations["joinSpace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spaces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
            };
            cookie?: never;
        };
        /**
         * Read a space and its members
         * @description All members may. Only admins see the pending invitations.
         */
        get: operations["getSpace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename a space
         * @description Its admins may.
         */
        patch: operations["renameSpace"];
        trace?: never;
    };
    "/api/spaces/{id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite somebody by mail
         * @description The admins of a space may. The mail has a link that accepts the invitation once, in 7 days. At most 50 invitations of a
         *     space are pending; one person sends at most 50 on a day (UTC).
         */
        post: operations["inviteMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spaces/{id}/invitations/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
                invitation: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description The admins of a space may.
         */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spaces/{id}/members/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
                /** @description The `person` of a member. */
                person: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member, or leave
         * @description Everybody may leave a space; its admins may remove others. The former member is refused within 5 seconds. API keys of the
         *     space that they created remain; `createdBy` names them.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        /**
         * Change the role of a member
         * @description The admins of a space may. It is in force within 5 seconds.
         */
        patch: operations["setMemberRole"];
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether all is well
         * @description Anybody may ask. A finding is up to five seconds old.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Format: date-time
         * @description RFC 3339 in UTC, with milliseconds.
         */
        Time: string;
        Code: string;
        /** @description Never changes. Clicks, statistics and reports belong to it, so that the next link with the same code starts at zero. The ID of a link that is older than IDs is its code. */
        LinkID: string;
        Tags: string[];
        /**
         * @description The HTTP status of the redirect.
         * @enum {integer}
         */
        Redirect: 301 | 302 | 307 | 308;
        NewLink: {
            /** @description Where the link leads: http or https, without credentials, and not to this service itself. At most 8,192 bytes. It is judged as browsers do, by the WHATWG URL Standard. A missing scheme becomes `https://`; blanks around it are dropped, and those inside encoded. The answer has the result; a URL that needs no repair stays as it is, byte for byte. In the redirect, any character outside ASCII is encoded (`ü` as `%C3%BC`, in a host as Punycode). */
            url: string;
            /** @description The code to take; some are reserved. Left out, one is made. */
            code?: components["schemas"]["Code"];
            /**
             * @description Gives the link a code that nobody can guess. Not together with `code`.
             * @default false
             */
            private?: boolean;
            title?: string;
            note?: components["schemas"]["Note"];
            tags?: components["schemas"]["Tags"];
            /**
             * Format: date-time
             * @description When the link stops, in the future. Left out, never.
             */
            expiresAt?: string;
            /** @default 302 */
            redirect?: components["schemas"]["Redirect"];
            /**
             * Format: date-time
             * @description When the link opens, before `expiresAt`. Left out, at once.
             */
            notBefore?: string;
            /** @description Where visitors are sent when the link has expired, its clicks are used up, or it is disabled. Left out, they get a page. */
            expiredUrl?: string;
            /**
             * Format: int64
             * @description How many visitors are let through, exactly. HEAD, bots, link previews and prefetches use up none.
             */
            maxClicks?: number;
            /** @description What visitors have to enter. Only a hash of it is stored. */
            password?: string;
            forwardQuery?: components["schemas"]["ForwardQuery"];
            utm?: components["schemas"]["UTM"];
            rules?: components["schemas"]["Rules"];
        };
        /**
         * @description `merge` adds the visitor's query to the destination, in place of its own parameters of the same names, unless the result exceeds 8,192 bytes.
         * @enum {string}
         */
        ForwardQuery: "off" | "merge";
        /** @description Campaign parameters (`utm_source` and so on) that are added to every destination of the link, in place of its own of the same names. */
        UTM: {
            source?: string;
            medium?: string;
            campaign?: string;
            term?: string;
            content?: string;
        };
        /** @description The first rule that fits a visitor replaces `url`. If that rule has languages, the rule that fits the visitor's preferred language does. */
        Rules: components["schemas"]["Rule"][];
        /** @description Visitors fit if they fit each of the lists that are there. A rule has either `url` or `split`; one without lists is the last. */
        Rule: {
            /** @description ISO 3166-1, two capital letters. */
            countries?: string[];
            devices?: ("desktop" | "mobile" | "tablet")[];
            systems?: ("Android" | "ChromeOS" | "Linux" | "Windows" | "iOS" | "macOS")[];
            /** @description BCP 47. `de` includes `de-AT`. */
            languages?: string[];
            url?: string;
            /** @description Divides visitors at random, in proportion to the weights. */
            split?: {
                url: string;
                weight: number;
            }[];
        };
        Link: {
            id: components["schemas"]["LinkID"];
            code: components["schemas"]["Code"];
            aliases: components["schemas"]["Aliases"];
            /** Format: uri */
            shortUrl: string;
            /** @description As it was written, unless it had to be repaired; see NewLink. */
            url: string;
            title: string;
            note: components["schemas"]["Note"];
            tags: components["schemas"]["Tags"];
            createdAt: components["schemas"]["Time"];
            updatedAt: components["schemas"]["Time"];
            /** @description null is never. */
            expiresAt: components["schemas"]["Time"] | null;
            deletedAt?: components["schemas"]["Time"];
            redirect: components["schemas"]["Redirect"];
            private: boolean;
            /** @description Visitors get 410 until it is enabled again. */
            disabled: boolean;
            /** @description The reason why an admin has taken it down. Visitors get it with 451. null if none has. */
            takenDown: string | null;
            status: components["schemas"]["LinkStatus"];
            /** @description All clicks so far. */
            clicks: number;
            /** @description null is at once. */
            notBefore: components["schemas"]["Time"] | null;
            /** @description null is a page. */
            expiredUrl: string | null;
            /**
             * Format: int64
             * @description null is no limit.
             */
            maxClicks: number | null;
            hasPassword: boolean;
            forwardQuery: components["schemas"]["ForwardQuery"];
            utm: components["schemas"]["UTM"];
            rules: components["schemas"]["Rules"];
        };
        /**
         * @description `pending`: the link to an image that is not ready yet. `scheduled`: `notBefore` is in the future. `takenDown`: by an admin, visitors get 451. `deleted`: visitors get 410, and the code stays taken.
         * @enum {string}
         */
        LinkStatus: "active" | "pending" | "scheduled" | "disabled" | "takenDown" | "expired" | "deleted";
        /** @description Text for the owner, of several lines. */
        Note: string;
        /** @description Codes that the link had before and that still lead to it. */
        Aliases: components["schemas"]["Code"][];
        LinkEdit: {
            url?: string;
            code?: components["schemas"]["Code"];
            /** @description Those of the earlier codes, and of the one that `code` replaces, that lead to the link. Others are free. */
            aliases?: components["schemas"]["Aliases"];
            title?: string;
            note?: components["schemas"]["Note"];
            tags?: components["schemas"]["Tags"];
            /** @description In the future, or null for never. */
            expiresAt?: string | null;
            redirect?: components["schemas"]["Redirect"];
            disabled?: boolean;
            /** @description Only for admins. The reason why the link is taken down, which visitors see, so not only blanks; null restores it. Its owner can't change or free its codes meanwhile. An image that the link leads to stays public until it is deleted. */
            takenDown?: string | null;
            /** @description A time. null is at once. */
            notBefore?: string | null;
            /** @description null is a page. */
            expiredUrl?: string | null;
            /**
             * Format: int64
             * @description null is no limit.
             */
            maxClicks?: number | null;
            /** @description null is none. */
            password?: string | null;
            forwardQuery?: components["schemas"]["ForwardQuery"];
            /** @description All parameters; null is none. */
            utm?: components["schemas"]["UTM"] | null;
            rules?: components["schemas"]["Rules"];
        };
        AbuseID: string;
        /** @enum {string} */
        AbuseReason: "phishing" | "malware" | "spam" | "illegal" | "other";
        AbuseReport: {
            id: components["schemas"]["AbuseID"];
            at: components["schemas"]["Time"];
            reason: components["schemas"]["AbuseReason"];
            /** @description As the visitor wrote it. */
            text: string;
            /** @description Under which the visitor found it. */
            code: components["schemas"]["Code"];
            link: components["schemas"]["LinkID"];
            /** Format: uri */
            shortUrl: string;
            /** @description The link as it is now; null if it is gone for good. */
            current: {
                code: components["schemas"]["Code"];
                owner: string;
                url: string;
                status: components["schemas"]["LinkStatus"];
            } | null;
        };
        AbuseReports: {
            items: components["schemas"]["AbuseReport"][];
            next?: components["schemas"]["Next"];
        };
        BulkRequest: {
            items: components["schemas"]["BulkItem"][];
        };
        /** @description One change. */
        BulkItem: {
            create?: components["schemas"]["NewLink"];
            edit?: {
                code: components["schemas"]["Code"];
                ifMatch?: components["schemas"]["IfMatch"];
                changes: components["schemas"]["LinkEdit"];
            };
            tag?: {
                code: components["schemas"]["Code"];
                ifMatch?: components["schemas"]["IfMatch"];
                add?: components["schemas"]["Tags"];
                remove?: components["schemas"]["Tags"];
            };
            delete?: {
                code: components["schemas"]["Code"];
                ifMatch?: components["schemas"]["IfMatch"];
                /**
                 * @description Whether the code can be used again at once.
                 * @default false
                 */
                free?: boolean;
            };
        };
        /** @description An entity tag. The link is only changed in the version that has it. */
        IfMatch: string;
        BulkResults: {
            results: components["schemas"]["BulkResult"][];
        };
        BulkResult: {
            /**
             * @description As a single request would be answered.
             * @enum {integer}
             */
            status: 200 | 201 | 204 | 400 | 403 | 404 | 409 | 412 | 500 | 503;
            id?: components["schemas"]["LinkID"];
            code?: components["schemas"]["Code"];
            /** Format: uri */
            shortUrl?: string;
            /** @description The destination as it is stored. */
            url?: string;
            /** @description Of the current version, for `ifMatch`. */
            etag?: string;
            problem?: components["schemas"]["Problem"];
        };
        Links: {
            items: components["schemas"]["Link"][];
            next?: components["schemas"]["Next"];
        };
        LinkHistory: {
            items: components["schemas"]["LinkEvent"][];
            next?: components["schemas"]["Next"];
        };
        LinkEvent: {
            at: components["schemas"]["Time"];
            /** @enum {string} */
            action: "edited" | "deleted" | "restored";
            /** @description The person who was signed in, or the owner of the API key; for an API key of a space, `key:` and its ID. */
            by: string;
            changes: {
                field: string;
                /** @description The value before. */
                from: string | number | boolean | unknown[] | Record<string, never> | null;
                /** @description The value after. */
                to: string | number | boolean | unknown[] | Record<string, never> | null;
            }[];
        };
        /**
         * @description A date or a time (RFC 3339), in the years 1970 to 9998. `from` must be before `to`.
         * @example 2026-11-20
         * @example 2026-11-20T12:00:00Z
         */
        Bound: string;
        Stats: {
            /** @enum {string} */
            unit: "minute" | "hour" | "day" | "week" | "month";
            tz: string;
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            total: components["schemas"]["Total"];
            visitors: components["schemas"]["Visitors"];
            scans: components["schemas"]["Scans"];
            botClicks: components["schemas"]["BotClicks"];
            /** @description Every unit of the time that has begun, in order, those without clicks too. */
            series: components["schemas"]["Moment"][];
            countries: components["schemas"]["Counts"];
            cities: components["schemas"]["Counts"];
            referrers: components["schemas"]["Counts"];
            browsers: components["schemas"]["Counts"];
            systems: components["schemas"]["Counts"];
            devices: components["schemas"]["Counts"];
            /** @description The first language that visitors ask for, such as `de`, also for `de-AT`. */
            languages: components["schemas"]["Counts"];
            /** @description Where the link's rules, or none of them, have led visitors. Clicks while it had no rules are not in it. */
            destinations: components["schemas"]["Counts"];
            /** @description Clicks of bots, by the name of the bot. */
            bots: components["schemas"]["Counts"];
            /** @description The time before. */
            previous?: {
                from: components["schemas"]["Time"];
                to: components["schemas"]["Time"];
                total: components["schemas"]["Total"];
                visitors: components["schemas"]["Visitors"];
                scans: components["schemas"]["Scans"];
                botClicks: components["schemas"]["BotClicks"];
            };
        };
        /** @description Of the series. Here and in all lists other than `bots`, only people count. */
        Total: number;
        /**
         * @description How many people followed the link. Each of them counts once per UTC day: visitors are told apart by a salt that is
         *     deleted after that day. Those who ask not to be tracked (`DNT`, `Sec-GPC`) are not among them. It is an
         *     estimate (HyperLogLog): above some 1,300 visitors its standard error is 1.6 %, below that next to none.
         */
        Visitors: number;
        /** @description Clicks from QR codes. */
        Scans: number;
        /** @description Clicks of all bots. */
        BotClicks: number;
        Clicks: {
            items: components["schemas"]["Click"][];
            next?: components["schemas"]["Next"];
        };
        /** @description Names are empty if they are not known, or if the visitor asked not to be tracked. */
        Click: {
            id: string;
            at: components["schemas"]["Time"];
            /** @description The code by which the link was followed. */
            code: string;
            /** @description ISO 3166-1, two letters. */
            country: string;
            city: string;
            /** @description A host, or `direct`. */
            referrer: string;
            browser: string;
            system: string;
            device: string;
            language: string;
            /** @description Where a link with rules has led: the URL, or the beginning of a long one. */
            destination: string;
            /** @description From a QR code. */
            scan: boolean;
            /** @description The name of the bot; empty for people. */
            bot: string;
        };
        ImageID: string;
        /** @enum {string} */
        ImageType: "image/jpeg" | "image/png" | "image/webp" | "image/gif";
        /** @enum {string} */
        ImageStatus: "pending" | "processing" | "ready" | "failed";
        NewImage: {
            filename: string;
            contentType: components["schemas"]["ImageType"];
            bytes: number;
            sha256: string;
            /** @description What the image shows, for those who do not see it. */
            alt?: string;
            /** @description Makes a short link with this code. Until the image is ready it answers 404 with `Retry-After`, then it leads to the largest variant; it goes with the image. */
            code?: components["schemas"]["Code"];
        };
        ImageEdit: {
            alt?: string;
            focus?: components["schemas"]["Focus"];
        };
        Upload: {
            id: components["schemas"]["ImageID"];
            status: components["schemas"]["ImageStatus"];
            upload: {
                /** @constant */
                method: "PUT";
                /** Format: uri */
                url: string;
                /** @description To be sent exactly so. */
                headers: {
                    [key: string]: string;
                };
                expiresAt: components["schemas"]["Time"];
            };
        };
        Image: {
            id: components["schemas"]["ImageID"];
            status: components["schemas"]["ImageStatus"];
            error?: components["schemas"]["Refusal"];
            filename: string;
            /** @description What was announced; when ready, what the file is. */
            contentType: string;
            bytes: number;
            /** @description Of the upright image, when ready. */
            width?: number;
            height?: number;
            /** @description The dominant colour, when ready. */
            color?: string;
            /** @description A BlurHash, when ready. */
            placeholder?: string;
            /** @description A ThumbHash, when ready; it knows what is transparent. */
            thumbHash?: string;
            alt: string;
            /**
             * Format: uri
             * @description The short link to it, if one was asked for. An image that was refused loses it, and the code is free again.
             */
            shortUrl?: string;
            focus: components["schemas"]["Focus"];
            /** @description Whether crops around another focus are being made. */
            renewing?: boolean;
            /** @description For an img element: the variants that show the whole image, when ready. */
            srcset?: string;
            /** @description For an img element that is as wide as its page, at most as wide as the widest variant. */
            sizes?: string;
            variants: components["schemas"]["Variant"][];
            createdAt: components["schemas"]["Time"];
        };
        /** @description The point that crops keep in view, in shares of width and height from the upper left corner. */
        Focus: {
            x: number;
            y: number;
        };
        Variant: {
            name: string;
            width: number;
            height: number;
            contentType: components["schemas"]["ImageType"];
            bytes: number;
            /**
             * Format: uri
             * @description Never changes what it shows, so it may be cached for ever.
             */
            url: string;
        };
        /** @description Why an image failed. The same file will be refused again, except after `expired` (it did not arrive within an hour) and `unprocessed` (our mistake). */
        Refusal: {
            /** @enum {string} */
            code: "empty" | "type" | "unsupported" | "bytes" | "side" | "pixels" | "scans" | "memory" | "truncated" | "corrupt" | "mismatch" | "expired" | "unprocessed";
            /** @description A sentence for a person. */
            message: string;
            limit?: number;
            actual?: number;
        };
        Images: {
            items: components["schemas"]["Image"][];
            next?: components["schemas"]["Next"];
        };
        /** @description The cursor of the next page; absent on the last one. */
        Next: string;
        Count: {
            /** @description `unknown` has no name; `other` is the sum of all that is not listed. */
            name: string;
            clicks: number;
        };
        /** @description Most clicks first, the rest at the end. */
        Counts: components["schemas"]["Count"][];
        Moment: {
            at: components["schemas"]["Time"];
            clicks: number;
        };
        /** @enum {string} */
        Period: "daily";
        /** Format: date */
        Date: string;
        ReportID: string;
        ReportRequest: {
            period: components["schemas"]["Period"];
            /** @description A UTC day, from 1970-01-01 to today. */
            date: components["schemas"]["Date"];
        };
        AcceptedReport: {
            id: components["schemas"]["ReportID"];
            period: components["schemas"]["Period"];
            date: components["schemas"]["Date"];
        };
        Totals: {
            clicks: number;
            /** @description Clicks of the whole day before. */
            before: number;
            /** @description Links with at least one click. */
            links: number;
        };
        ReportSummary: {
            id: components["schemas"]["ReportID"];
            /** @description `*` is the whole stage. */
            owner: string;
            period: components["schemas"]["Period"];
            date: components["schemas"]["Date"];
            createdAt: components["schemas"]["Time"];
            /** @description Whether the day was over when the report was made. */
            complete: boolean;
            totals: components["schemas"]["Totals"];
        };
        Reports: {
            items: components["schemas"]["ReportSummary"][];
            next?: components["schemas"]["Next"];
        };
        Report: {
            id: components["schemas"]["ReportID"];
            period: components["schemas"]["Period"];
            date: components["schemas"]["Date"];
            owner: string;
            /**
             * @description Where the day begins and ends.
             * @constant
             */
            zone: "UTC";
            generatedAt: components["schemas"]["Time"];
            complete: boolean;
            totals: components["schemas"]["Totals"];
            hours: components["schemas"]["Moment"][];
            /** @description The most followed. */
            links: {
                id: components["schemas"]["LinkID"];
                code: components["schemas"]["Code"];
                /** Format: uri */
                shortUrl: string;
                /** @description Empty when the link has gone since. */
                url: string;
                title: string;
                clicks: number;
            }[];
            referrers: components["schemas"]["Counts"];
            countries: components["schemas"]["Counts"];
            cities: components["schemas"]["Counts"];
            devices: components["schemas"]["Counts"];
            /** @description Clicks of bots, by the name of the bot. */
            bots?: components["schemas"]["Counts"];
            browsers: components["schemas"]["Counts"];
            systems: components["schemas"]["Counts"];
            /** @description Where the report can be read without a key, for ten minutes or until it is made again. */
            urls: {
                /** Format: uri */
                html: string;
                /** Format: uri */
                csv: string;
            };
        };
        KeyID: string;
        /** @enum {string} */
        KeyScope: "links:read" | "links:write" | "images:read" | "images:write" | "reports:read" | "reports:write" | "keys:read" | "keys:write" | "admin";
        NewKey: {
            /** @description By which people know it. */
            name: string;
            scopes: components["schemas"]["KeyScope"][];
            /**
             * Format: date-time
             * @description In the future. Without it the key does not expire.
             */
            expiresAt?: string;
        };
        KeyRotation: {
            /**
             * @description How long the token before works.
             * @default 24
             */
            overlapHours?: number;
        };
        Key: {
            id: components["schemas"]["KeyID"];
            /** @description The space or person to whom it belongs, or the owner that an operator named. */
            owner: string;
            /** @description Empty for a key from before keys had names. */
            name: string;
            scopes: components["schemas"]["KeyScope"][];
            /** @enum {string} */
            status: "active" | "expired" | "disabled";
            /** @description `key:` and the ID of an API key, or the owner name of a person; null if an operator made it. */
            createdBy: string | null;
            createdAt: components["schemas"]["Time"];
            /** @description null is never. */
            expiresAt: components["schemas"]["Time"] | null;
            /** @description The last day (UTC) on which it was used; null is never. */
            usedOn: components["schemas"]["Date"] | null;
            /** @description Until when a token from before a rotation works; null if none does. */
            formerUntil: components["schemas"]["Time"] | null;
        };
        KeyToken: {
            id: components["schemas"]["KeyID"];
            /** @description The space or person to whom it belongs, or the owner that an operator named. */
            owner: string;
            /** @description Empty for a key from before keys had names. */
            name: string;
            scopes: components["schemas"]["KeyScope"][];
            /** @enum {string} */
            status: "active" | "expired" | "disabled";
            /** @description `key:` and the ID of an API key, or the owner name of a person; null if an operator made it. */
            createdBy: string | null;
            createdAt: components["schemas"]["Time"];
            /** @description null is never. */
            expiresAt: components["schemas"]["Time"] | null;
            /** @description The last day (UTC) on which it was used; null is never. */
            usedOn: components["schemas"]["Date"] | null;
            /** @description Until when a token from before a rotation works; null if none does. */
            formerUntil: components["schemas"]["Time"] | null;
            /** @description For the `Authorization` header. It is shown this once. */
            token: string;
        };
        Keys: {
            items: components["schemas"]["Key"][];
        };
        Session: {
            /** @description Whose things the caller sees: the ID of the space or, without one, of the person. */
            owner: string;
            /** @description The ID of the person who is signed in, which never changes; absent with an API key. */
            person?: string;
            email?: string;
            scopes: string[];
            sessions: {
                id: string;
                /** @description Whether it is the session that asks. */
                current: boolean;
                /** Format: date-time */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description The last use, at most ten minutes behind.
                 */
                usedAt: string;
                /** Format: date-time */
                expiresAt: string;
            }[];
        };
        /** @enum {string} */
        SpaceRole: "viewer" | "editor" | "admin";
        NewSpace: {
            name: string;
        };
        NewInvitation: {
            /** Format: email */
            email: string;
            role: components["schemas"]["SpaceRole"];
        };
        NewRole: {
            role: components["schemas"]["SpaceRole"];
        };
        Acceptance: {
            /** @description What follows `#` in the link of the mail. */
            token: string;
        };
        Spaces: {
            items: {
                /** @description For the header `Minim-Space`. */
                id: string;
                name: string;
                role: components["schemas"]["SpaceRole"];
                /** @description Whether it is the personal space, which has no other members. */
                personal: boolean;
            }[];
        };
        Space: {
            /** @description For the header `Minim-Space`. */
            id: string;
            name: string;
            role: components["schemas"]["SpaceRole"];
            /** @description Whether it is the personal space, which has no other members. */
            personal: boolean;
            createdAt: components["schemas"]["Time"];
            /** @description In the order in which they joined. */
            members: {
                /** @description Their ID, as in `by` of a history. */
                person: string;
                /** @description Verified when they joined; empty if their account had none. */
                email: string;
                role: components["schemas"]["SpaceRole"];
                joinedAt: components["schemas"]["Time"];
            }[];
            /** @description Those that are pending; empty unless the caller is an admin of the space. */
            invitations: components["schemas"]["Invitation"][];
        };
        Invitation: {
            id: string;
            email: string;
            role: components["schemas"]["SpaceRole"];
            /** @description The person who sent it. */
            by: string;
            createdAt: components["schemas"]["Time"];
            expiresAt: components["schemas"]["Time"];
        };
        SignedOut: {
            /**
             * Format: uri
             * @description Where the browser ends the issuer's session, too. Only if the session that asks has ended.
             */
            signOut?: string;
        };
        Health: {
            status: components["schemas"]["Wellbeing"];
            version: string;
            stage: string;
            checks: {
                [key: string]: components["schemas"]["Wellbeing"];
            };
        };
        /** @enum {string} */
        Wellbeing: "ok" | "down";
        Message: {
            message: string;
        };
        /** @description RFC 9457. */
        Problem: {
            /** @constant */
            type: "about:blank";
            /** @description What the status means. */
            title: string;
            status: number;
            /** @description A sentence for a person. */
            detail: string;
            /** @description The id of the request. */
            instance?: string;
            errors?: {
                field: string;
                message: string;
            }[];
        };
    };
    responses: {
        /** @description The request breaks a rule; `errors` says where. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no API key in the request. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description The API key is none, or it lacks the scope. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is somebody else's. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The header `Minim-Space` names a space that does not exist, or that the caller is not a member of. */
        NoSuchSpace: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The session has ended. */
        SignedOut: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SignedOut"];
            };
        };
        /** @description A page that says so. */
        SignInFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
            };
        };
        /** @description Nothing has changed since an answer with one of the tags. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description It is being changed by somebody else. Try again. */
        Changed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The code is taken, the link is deleted, or it is being changed by another request. */
        Taken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Thank you. */
        Reported: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                "Content-Language": components["headers"]["Content-Language"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description The Idempotency-Key was used for another request. */
        KeyUsed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It has changed since the version that `If-Match` names. `ETag` is the current version's, for `If-Match`. */
        Stale: {
            headers: {
                ETag: components["headers"]["Version"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Over a limit of size. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Over the rate limit of the stage. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description A service that the API needs doesn't answer. Try again after the time in `Retry-After`. */
        Unavailable: {
            headers: {
                /** @description Seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Our mistake. The same request may work a moment later. */
        Failure: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The visitor goes on, and no cache keeps the way. */
        Redirect: {
            headers: {
                Location: components["headers"]["Target"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description The visitor goes on, and their browser remembers the way for up to five minutes. */
        Permanent: {
            headers: {
                Location: components["headers"]["Target"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description There is no such link, it leads to an image that is not ready yet, or it is not open yet. In the last two cases `Retry-After` is set. */
        NoSuchLink: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The link has expired, its clicks are used up, or its owner has disabled or deleted it. */
        Expired: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description An admin has taken the link down; the page shows the reason. */
        TakenDown: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The link cannot be read or its clicks cannot be counted right now. */
        Unreadable: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The form of a link with a password, or a page for programs that make cards for social networks. */
        FormOrCard: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
            };
        };
        /** @description The password is wrong. Programs that prefer JSON get this in place of the form. */
        Locked: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many attempts at the password, or over the rate limit of the stage. */
        TooManyAttempts: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Content-Language": components["headers"]["Content-Language"];
                "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "text/plain": string;
                "application/problem+json": components["schemas"]["Problem"];
                "application/json": components["schemas"]["Message"];
            };
        };
    };
    parameters: {
        SpaceID: string;
        KeyID: components["schemas"]["KeyID"];
        Code: components["schemas"]["Code"];
        /** @description Entity tags of earlier answers. */
        "If-None-Match": string;
        /** @description Of the file. */
        Format: "svg" | "png";
        /** @description The side in pixels, with the margin. A PNG needs at least two for each module. */
        Size: number;
        /** @description In modules, the squares of the code. Some cameras need four. */
        Margin: number;
        /** @description Error correction of about 7, 15, 25 or 30 percent. */
        Level: "L" | "M" | "Q" | "H";
        /** @description Six hexadecimal digits. Refused unless the background is lighter by a contrast of at least 4 (by the formula of WCAG). */
        Color: string;
        Background: string;
        /** @description Any text that the client uses for this one request and its repetitions. */
        "Idempotency-Key": string;
        /** @description Entity tags of versions that may be changed. */
        "If-Match": string;
        /** @description How many items a page has at most. */
        Limit: number;
        /** @description How many items a page has at most. As CSV 1,000 are possible, and the default; as JSON 100, and 20. */
        ExportLimit: number;
        /** @description The `next` of the page before. Without it the list begins. */
        Cursor: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description Where the new thing is, as a path.
         * @example /api/links/spring
         */
        Location: string;
        /**
         * @description Where the new API key is, as a path.
         * @example /api/keys/k3v7q2ma5xzr
         */
        KeyLocation: string;
        /**
         * @description Where the new space is, as a path.
         * @example /api/spaces/sp_k3v7q2ma5xzrb4td
         */
        SpaceLocation: string;
        /**
         * @description Changes with all that the answer shows.
         * @example "1-5f2c1d0e8a53"
         */
        ETag: string;
        /**
         * @description A version of the link, without the digest of its clicks that the entity tags of whole answers have. `If-Match` compares versions only, so it takes both.
         * @example "3"
         */
        Version: string;
        "Cache-Control": string;
        /**
         * @description The next page, of the relation `next`; absent on the last one.
         * @example </api/links/spring/clicks?cursor=AbC>; rel="next"
         */
        Link: string;
        /** @description In seconds. */
        "Retry-After": number;
        "Content-Language": "en" | "de" | "es" | "fr" | "uk";
        "X-Robots-Tag": "noindex, nofollow";
        "Set-Cookie": string;
        /** @description Where the browser goes. */
        SignInTarget: string;
        /** @description Where the link leads, byte for byte as its owner wrote it. Characters outside ASCII are encoded, as in any URL. */
        Target: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listLinks: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. As CSV 1,000 are possible, and the default; as JSON 100, and 20. */
                limit?: components["parameters"]["ExportLimit"];
                /** @description The `next` of the page before. Without it the list begins. */
                cursor?: components["parameters"]["Cursor"];
                /**
                 * @description Words in any order, at most 10. Each must be the beginning of a word in the code, title, address, note or
                 *     tags. Of the words of a link the first 60 different beginnings are indexed.
                 */
                q?: string;
                /** @description Links with all of these tags. */
                tag?: components["schemas"]["Tags"];
                /** @description Links with at least one of these tags. */
                anyTag?: components["schemas"]["Tags"];
                /** @description Links with none of these tags. */
                notTag?: components["schemas"]["Tags"];
                /** @description Deleted links are only listed by their status. */
                status?: components["schemas"]["LinkStatus"];
                /** @description The host of the destination. */
                host?: string;
                /** @description Links created at this date or time or later. */
                from?: components["schemas"]["Bound"];
                /** @description Links created up to this date, which is included, or before this time. */
                to?: components["schemas"]["Bound"];
                /** @description Links that nobody has followed. */
                clicked?: "never";
                /**
                 * @description `created`: newest first. `clicks`: most first. `lastClick`: latest first. The latter two are brought up to
                 *     date at a link's first click of a day (UTC) and when its clicks of the day have doubled; links without clicks
                 *     come last.
                 */
                sort?: "created" | "clicks" | "lastClick";
                /** @description Whose links; only an admin may name anybody else. */
                owner?: string;
            };
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    Vary?: "Accept";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Links"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text that the client uses for this one request and its repetitions. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLink"];
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            /** @description The code is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            422: components["responses"]["KeyUsed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeLinks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text that the client uses for this one request and its repetitions. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description One result for each item, in their order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResults"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["KeyUsed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteLink: {
        parameters: {
            query?: {
                free?: boolean;
            };
            header?: {
                /** @description Entity tags of versions that may be changed. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Changed"];
            412: components["responses"]["Stale"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    editLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of versions that may be changed. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkEdit"];
            };
        };
        responses: {
            /** @description The link as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Taken"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    restoreLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of versions that may be changed. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is not deleted, was deleted too long ago or with its image, or is being changed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["Stale"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLinkHistory: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next` of the page before. Without it the list begins. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkHistory"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLinkStats: {
        parameters: {
            query?: {
                /**
                 * @description A date in the time zone, or a time. Left out, 60 minutes, 30 days (by hours and days), 12 weeks or 12 months
                 *     before the end.
                 */
                from?: components["schemas"]["Bound"];
                /** @description A date in the time zone, which is included, or a time. Left out, now. */
                to?: components["schemas"]["Bound"];
                unit?: "minute" | "hour" | "day" | "week" | "month";
                /**
                 * @description A time zone of the IANA database.
                 * @example Europe/Berlin
                 */
                tz?: string;
                /** @description How many names each list has; the others are summed up as `other`. */
                top?: number;
                /** @description Adds the totals of the time before, which is as long. */
                compare?: "previous";
            };
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clicks. */
            200: {
                headers: {
                    Vary?: "Accept";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    listLinkClicks: {
        parameters: {
            query?: {
                /** @description Clicks of this date (UTC) or time or later. */
                from?: components["schemas"]["Bound"];
                /** @description Clicks up to this date (UTC), which is included, or before this time. */
                to?: components["schemas"]["Bound"];
                /** @description How many items a page has at most. As CSV 1,000 are possible, and the default; as JSON 100, and 20. */
                limit?: components["parameters"]["ExportLimit"];
                /** @description The `next` of the page before. Without it the list begins. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    Vary?: "Accept";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clicks"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLinkQR: {
        parameters: {
            query?: {
                /** @description Of the file. */
                format?: components["parameters"]["Format"];
                /** @description The side in pixels, with the margin. A PNG needs at least two for each module. */
                size?: components["parameters"]["Size"];
                /** @description In modules, the squares of the code. Some cameras need four. */
                margin?: components["parameters"]["Margin"];
                /** @description Error correction of about 7, 15, 25 or 30 percent. */
                level?: components["parameters"]["Level"];
                /** @description Six hexadecimal digits. Refused unless the background is lighter by a contrast of at least 4 (by the formula of WCAG). */
                color?: components["parameters"]["Color"];
                background?: components["parameters"]["Background"];
                /**
                 * @description The ID of an image of yours, whose square variant is drawn in the middle. The level is then H unless
                 *     it is named, and must be Q or H.
                 */
                logo?: string;
            };
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The QR code. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                    "image/png": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    followLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["FormOrCard"];
            301: components["responses"]["Permanent"];
            302: components["responses"]["Redirect"];
            307: components["responses"]["Redirect"];
            308: components["responses"]["Permanent"];
            403: components["responses"]["Locked"];
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyRequests"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    openLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        /** @description Of a link without a password, anything. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "password": "open sesame"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    password?: string;
                };
            };
        };
        responses: {
            200: components["responses"]["FormOrCard"];
            301: components["responses"]["Permanent"];
            302: components["responses"]["Redirect"];
            303: components["responses"]["Redirect"];
            307: components["responses"]["Redirect"];
            308: components["responses"]["Permanent"];
            403: components["responses"]["Locked"];
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyAttempts"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    checkLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["FormOrCard"];
            301: components["responses"]["Permanent"];
            302: components["responses"]["Redirect"];
            307: components["responses"]["Redirect"];
            308: components["responses"]["Permanent"];
            403: components["responses"]["Locked"];
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyRequests"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    previewLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The preview. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                    "Content-Language": components["headers"]["Content-Language"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    /**
                     * @example https://example.com/
                     *     An example
                     *     Created on 30 November 2026
                     */
                    "text/plain": string;
                };
            };
            302: components["responses"]["Redirect"];
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyRequests"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    reportLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "phishing",
                 *       "text": "It asks for my card."
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    reason?: components["schemas"]["AbuseReason"];
                    /** @description Of more than 1,000 characters, the rest is dropped. */
                    text?: string;
                };
            };
        };
        responses: {
            200: components["responses"]["Reported"];
            302: components["responses"]["Redirect"];
            /** @description There is no such reason. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyAttempts"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    checkPreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The preview. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                    "Content-Language": components["headers"]["Content-Language"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    /**
                     * @example https://example.com/
                     *     An example
                     *     Created on 30 November 2026
                     */
                    "text/plain": string;
                };
            };
            302: components["responses"]["Redirect"];
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyRequests"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    drawLink: {
        parameters: {
            query?: {
                /** @description Of the file. */
                format?: components["parameters"]["Format"];
                /** @description The side in pixels, with the margin. A PNG needs at least two for each module. */
                size?: components["parameters"]["Size"];
                /** @description In modules, the squares of the code. Some cameras need four. */
                margin?: components["parameters"]["Margin"];
                /** @description Error correction of about 7, 15, 25 or 30 percent. */
                level?: components["parameters"]["Level"];
                /** @description Six hexadecimal digits. Refused unless the background is lighter by a contrast of at least 4 (by the formula of WCAG). */
                color?: components["parameters"]["Color"];
                background?: components["parameters"]["Background"];
            };
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The QR code. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                    "image/png": string;
                };
            };
            302: components["responses"]["Redirect"];
            304: components["responses"]["NotModified"];
            /** @description The options break a rule. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyRequests"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    checkDrawing: {
        parameters: {
            query?: {
                /** @description Of the file. */
                format?: components["parameters"]["Format"];
                /** @description The side in pixels, with the margin. A PNG needs at least two for each module. */
                size?: components["parameters"]["Size"];
                /** @description In modules, the squares of the code. Some cameras need four. */
                margin?: components["parameters"]["Margin"];
                /** @description Error correction of about 7, 15, 25 or 30 percent. */
                level?: components["parameters"]["Level"];
                /** @description Six hexadecimal digits. Refused unless the background is lighter by a contrast of at least 4 (by the formula of WCAG). */
                color?: components["parameters"]["Color"];
                background?: components["parameters"]["Background"];
            };
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The QR code. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Robots-Tag": components["headers"]["X-Robots-Tag"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                    "image/png": string;
                };
            };
            302: components["responses"]["Redirect"];
            304: components["responses"]["NotModified"];
            /** @description The options break a rule. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchLink"];
            410: components["responses"]["Expired"];
            429: components["responses"]["TooManyRequests"];
            451: components["responses"]["TakenDown"];
            503: components["responses"]["Unreadable"];
        };
    };
    listAbuse: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next` of the page before. Without it the list begins. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AbuseReports"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeAbuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["AbuseID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description This can't be the ID of a report. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    listImages: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next` of the page before. Without it the list begins. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of images. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Images"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    uploadImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text that the client uses for this one request and its repetitions. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewImage"];
            };
        };
        responses: {
            /** @description The permission to upload. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            /** @description The code is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            422: components["responses"]["KeyUsed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of earlier answers. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                id: components["schemas"]["ImageID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ImageID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Changed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    editImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the image as you know it. If it has changed since, nothing happens. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["ImageID"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImageEdit"];
            };
        };
        responses: {
            /** @description The image. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is being changed by somebody else, or has no crops since it is not ready. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as you know it. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    listReports: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next` of the page before. Without it the list begins. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Whose reports; only an admin may name anybody else. `*` is the whole stage. */
                owner?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of reports. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reports"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    requestReport: {
        parameters: {
            query?: {
                /** @description Whose report; only an admin may name anybody else. `*` is the whole stage, with the links of all owners. */
                owner?: string;
            };
            header?: {
                /** @description Any text that the client uses for this one request and its repetitions. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportRequest"];
            };
        };
        responses: {
            /** @description The request is safe; Location is where the report will be. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedReport"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["KeyUsed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReport: {
        parameters: {
            query?: {
                format?: "json" | "html" | "csv";
            };
            header?: never;
            path: {
                id: components["schemas"]["ReportID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    Vary?: "Accept";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                    "text/html": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description Whose API keys; only an admin may name anybody else. */
                owner?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API keys, without their tokens. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text that the client uses for this one request and its repetitions. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description The API key and its token. */
            201: {
                headers: {
                    Location: components["headers"]["KeyLocation"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyToken"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            /** @description The request has created its API key already, or there are 50. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            422: components["responses"]["KeyUsed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["KeyID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API key, without its token. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["KeyID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["KeyID"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description The API key and its new token. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyToken"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Somebody else has rotated or revoked it, or 6 of its tokens work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller, and where they are signed in. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NoSuchSpace"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    closeSession: {
        parameters: {
            query?: {
                /** @description Ends the caller's sessions in all browsers. */
                all?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["SignedOut"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    closeOtherSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of the `sessions` of `GET /api/session`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["SignedOut"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    openSession: {
        parameters: {
            query?: {
                /** @description The page of the site where the browser goes then, `/app` or below. Anything else is the start page. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the issuer. The cookie `__Host-signin` binds the sign-in to the browser for 15 minutes. */
            302: {
                headers: {
                    Location: components["headers"]["SignInTarget"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SignInFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["SignInFailed"];
            503: components["responses"]["SignInFailed"];
        };
    };
    completeSession: {
        parameters: {
            query?: {
                state?: string;
                code?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in, to the page of the site. The cookie `__Host-session` lasts for 12 hours without use and 30 days at most. */
            303: {
                headers: {
                    Location: components["headers"]["SignInTarget"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SignInFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["SignInFailed"];
            503: components["responses"]["SignInFailed"];
        };
    };
    listSpaces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The spaces. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spaces"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createSpace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSpace"];
            };
        };
        responses: {
            /** @description The space. */
            201: {
                headers: {
                    Location: components["headers"]["SpaceLocation"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description The caller is in 20 spaces. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    joinSpace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acceptance"];
            };
        };
        responses: {
            /** @description The space, of which the caller is a member now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description The caller is a member already or in 20 spaces, or the space has 50 members. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The space. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    renameSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSpace"];
            };
        };
        responses: {
            /** @description The space. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    inviteMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description The invitation, without its token, which is in the mail only. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description The address has a pending invitation, there are too many, or the stage sends no mail. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
                /** @description The `person` of a member. */
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are no member anymore. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is the last admin, or somebody else has changed the member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    setMemberRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["SpaceID"];
                /** @description The `person` of a member. */
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRole"];
            };
        };
        responses: {
            /** @description The space. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is the last admin, or somebody else has changed the member. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every table, bucket and queue exists and answers. Nothing is read from them or written to them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            /** @description A dependency does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}
