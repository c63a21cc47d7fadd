//! Saved web pages: the text stays, what surrounds it goes.

use kernel::Lang;

const TEXT: &str = "<h1>Data Processing Agreement</h1><p>The Processor shall notify the Controller of a personal data breach \
within 48 hours.</p>";

fn text(page: &str) -> String {
    reader::extract(page.as_bytes(), "page.html")
        .expect("a page with words")
        .as_str()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn menus_dialogs_share_bars_and_footers_are_left_out() {
    let around = [
        "<nav><ul><li>Prices</li><li>14 days free</li></ul></nav>",
        "<nav><nav>Home</nav>Prices</nav>",
        "<div role='navigation'>Prices and plans</div>",
        "<a class='skip-link' href='#main'>Skip to content</a>",
        "<p>Skip to main content</p>",
        "<p>Aller au contenu principal</p>",
        "<div id=onetrust-banner-sdk><h2>Your choices</h2><p>We keep cookies for 13 months.</p></div>",
        "<div class='cookie-banner'>We use cookies. <a href='/c'>More</a></div>",
        "<section class='modal consent'><p>We and our partners store cookies for 6 months.</p><button>Accept</button></section>",
        "<div role='dialog' aria-label='x'>Subscribe within 24 hours</div>",
        "<div class='share'><a href='https://x.example'>Share</a> <a href='https://y.example'>Post</a></div>",
        "<ul class='menu'><li><a href='/1'>Products</a></li><li><a href='/2'>Customers</a></li></ul>",
        "<aside>Read also: ten days in Rome</aside>",
        "<div class='breadcrumbs'><a href='/'>Home</a> &gt; Legal</div>",
        "<footer><p>Reply within 30 days guaranteed</p></footer>",
        "<p>© 2026 Acme. Legal notice. All rights reserved.</p>",
        "<div class='site-footer'>Acme SAS, Lyon</div>",
        "<button>Print within 5 minutes</button>",
    ];
    let words = text(&format!("<html><body>{TEXT}</body></html>"));
    for piece in around {
        assert_eq!(text(&format!("<html><body>{piece}{TEXT}</body></html>")), words, "before: {piece}");
        assert_eq!(text(&format!("<html><body>{TEXT}{piece}</body></html>")), words, "after: {piece}");
        assert_eq!(
            text(&format!("<html><body><div>{piece}<div>{TEXT}</div></div></body></html>")),
            words,
            "nested: {piece}"
        );
    }
}

#[test]
fn what_only_looks_like_furniture_stays() {
    let body = [
        "<section class='cookies'><h2>Cookies</h2><p>We keep cookies for 13 months and ask for your consent.</p></section>",
        "<article><footer>Signed in Lyon for the Processor</footer></article>",
        "<main><aside>The Processor stays liable.</aside></main>",
        "<div class='canvas navy'>The Processor stays liable.</div>",
        "<div class='footer-note'>The Processor stays liable for its sub-processors.</div>",
        "<ul><li><a href='https://a.example'>Halden Cloud AS</a></li><li><a href='https://b.example'>Brightmail GmbH</a></li></ul>",
        "<p>Copyright in the reports stays with the Processor; the Controller may use them.</p>",
    ];
    for piece in body {
        assert!(text(&format!("<body>{TEXT}{piece}</body>")).len() > text(TEXT).len() + 20, "{piece}");
    }
    let long = "<p>The Processor acts on documented instructions of the Controller only.</p>".repeat(200);
    assert!(text(&format!("<body><div class='sidebar modal cookie-banner'>{long}</div></body>")).len() > 10_000);
}

#[test]
fn the_page_itself_stays_whatever_its_wrapper_is_called() {
    let button = "<button>Print</button>";
    for class in ["content has-sidebar", "sidebar", "layout-with-navbar", "modal", "cookie-banner", "skip-link-target"]
    {
        let page = format!(
            "<body><div class='{class}'>{TEXT}{button}</div><nav><a href='/1'>{}</a></nav></body>",
            "Menu ".repeat(99)
        );
        assert_eq!(text(&page), text(TEXT), "{class}");
    }
    let part = "<p>The Processor deletes all data within 30 days.</p>";
    for class in ["has-sidebar", "section-breadcrumb-less", "no-cookielaw"] {
        let page = format!("<body>{TEXT}<div class='{class}'>{part}</div></body>");
        assert!(text(&page).contains("30 days"), "{class}");
    }
}

#[test]
fn the_terms_of_a_page_do_not_come_from_around_it() {
    let page = format!(
        "<!doctype html><html><body class='cookie-consent-open'><div class='cookie-banner'>We shall inform you within 24 \
         hours of a breach.</div>{TEXT}<footer>Processor notifies the Controller of a personal data breach within 12 \
         hours.</footer></body></html>"
    );
    let reading = reader::read(page.as_bytes(), "page.html", Lang::En).unwrap();
    let term = reading.term("breach.notify_controller").unwrap();
    assert_eq!(term.value, "PT48H");
    let [start, end] = term.span.unwrap();
    assert!(page[start..end].contains("within 48 hours"));
}

#[test]
fn a_link_is_kept_where_it_stands() {
    let page = "<p>Write to <a href='mailto:dpo@acme.example'>our officer</a> and see <a href='#top'>above</a>.</p>";
    let reading = reader::read(page.as_bytes(), "page.html", Lang::En).unwrap();
    let contact = reading.contacts.iter().find(|contact| contact.value == "dpo@acme.example").unwrap();
    assert!(page[contact.span[0]..contact.span[1]].contains("our officer"));
    assert_eq!(reading.contacts.len(), 1);
}

#[test]
fn a_menu_that_began_in_a_line_taken_out_is_taken_out_from_where_that_line_stood() {
    for menu in ["éééééééééé", "€€€€€€€€€", "aé€aé€aé€aé€", "x"] {
        let page = format!("<html><body>{TEXT}<p>Copyright 2026 <nav><p>{menu} {menu}</nav><p>Last.</p></body></html>");
        let text = text(&page);
        assert!(text.contains("48 hours") && text.ends_with("Last."), "{text}");
        assert!(!text.contains("Copyright") && !text.contains(menu), "{text}");
    }
}
