"""How much the phone can keep, until it is full and again."""

from playwright.sync_api import BrowserContext, Page

AT_FIRST = 64 * 1024 * 1024
# The browser looks again how much room there is when somebody asks for more than there was.
ASK_FOR_MORE = """async (bytes) => {
    const ended = (work, well) => new Promise((resolve, reject) => {
        work[well] = () => resolve(work.result);
        work.onerror = work.onabort = () => reject(work.error);
    });
    const asked = indexedDB.open('asking for more');
    asked.onupgradeneeded = () => asked.result.createObjectStore('any');
    const database = await ended(asked, 'onsuccess');
    try {
        for (;;) {
            const work = database.transaction('any', 'readwrite');
            work.objectStore('any').put(new Uint8Array(bytes), 'more');
            await ended(work, 'oncomplete');
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
    } catch (error) {
        if (error.name !== 'QuotaExceededError') throw error;
    } finally {
        database.close();
    }
}"""


class Room:
    """Little from the start, told on a page of its own that lives as long as the phone.

    Made before the phone's page is opened: what the browser saw first it believes for half a
    minute.
    """

    def __init__(self, context: BrowserContext, site: str) -> None:
        self._site = site
        self._page = context.new_page()
        self._devtools = context.new_cdp_session(self._page)
        self._tell(quotaSize=AT_FIRST)

    def fill(self, page: Page) -> None:
        """No byte more, from now on."""
        self._tell(quotaSize=1)
        page.evaluate(ASK_FOR_MORE, AT_FIRST)

    def free(self) -> None:
        self._tell()

    def _tell(self, **size: int) -> None:
        self._devtools.send("Storage.overrideQuotaForOrigin", {"origin": self._site, **size})
