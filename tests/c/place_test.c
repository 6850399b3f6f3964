/* What a message says, and where a match lies in the octets that came. */
#include "expect.h"

static ringfence_sms sms_of(const uint8_t* content, size_t size, uint8_t coding, uint8_t scheme,
                            uint8_t udhi) {
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = address_of("13800002222");
    sms.recipient = address_of("13800001111");
    sms.content = content;
    sms.content_size = size;
    sms.coding = coding;
    sms.coding_scheme = scheme;
    sms.udhi = udhi;
    sms.time_ms = 1772366400000;
    return sms;
}

/* "call 17000001234", UCS-2, in two parts that split the number. */
static const uint8_t kFirst[] = {5, 0,   3, 7,   2, 1,   0, 'c', 0, 'a', 0, 'l',
                                 0, 'l', 0, ' ', 0, '1', 0, '7', 0, '0', 0, '0'};
static const uint8_t kSecond[] = {5, 0,   3, 7,   2, 2,   0, '0', 0, '0',
                                  0, '0', 0, '1', 0, '2', 0, '3', 0, '4'};

static void finds_the_octets_of_a_match(ringfence_screen* screen, ringfence_session* session) {
    ringfence_verdict verdict;
    ringfence_error error;
    ringfence_place place = ringfence_place_init();
    const char text[] = "\xE6\x9D\xA5\xE7\x94\xB5 17000001234";
    ringfence_sms sms = sms_of((const uint8_t*)text, sizeof text - 1, RINGFENCE_SMS_TEXT, 0, 0);
    EXPECT(ringfence_session_screen_sms(session, &sms, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.match_offset == 3 && verdict.match_length == 11);
    EXPECT(ringfence_screen_place(screen, &sms, 1, verdict.match_offset, verdict.match_length,
                                  &error, &place) == RINGFENCE_OK);
    EXPECT(place.part == 0 && place.octet == 7 && place.octets == 11 && place.units == 11);
    EXPECT(place.septets == 0);
    EXPECT(ringfence_screen_place(screen, &sms, 1, 14, 1, &error, &place) == RINGFENCE_OK);
    EXPECT(place.part == 1 && place.octets == 0 && place.units == 0);
}

static void finds_the_parts_of_a_match(ringfence_screen* screen, ringfence_session* session) {
    ringfence_verdict verdict;
    ringfence_error error;
    ringfence_place place = ringfence_place_init();
    const ringfence_sms parts[2] = {sms_of(kFirst, sizeof kFirst, RINGFENCE_SMS_PDU, 8, 1),
                                    sms_of(kSecond, sizeof kSecond, RINGFENCE_SMS_PDU, 8, 1)};
    EXPECT(ringfence_session_screen_sms(session, &parts[0], &verdict) == RINGFENCE_OK);
    EXPECT(verdict.flags & RINGFENCE_FLAG_PARTIAL && verdict.action == RINGFENCE_ALLOW);
    EXPECT(ringfence_session_screen_sms(session, &parts[1], &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT && verdict.match_offset == 5);
    EXPECT(ringfence_screen_place(screen, parts, 2, verdict.match_offset, verdict.match_length,
                                  &error, &place) == RINGFENCE_OK);
    EXPECT(place.part == 0 && place.octet == 16 && place.octets == 8 && place.units == 4);
    EXPECT(ringfence_screen_place(screen, parts, 2, verdict.match_offset + place.units,
                                  verdict.match_length - place.units, &error,
                                  &place) == RINGFENCE_OK);
    EXPECT(place.part == 1 && place.octet == 6 && place.octets == 14 && place.units == 7);
}

/* "hi", "h" in the septets of a bind that packs them. */
static void reads_as_the_bind_codes(void) {
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_screen_options options = ringfence_screen_options_init();
    char text[16];
    size_t size = 0;
    ringfence_place place = ringfence_place_init();
    ringfence_decoded decoded = ringfence_decoded_init();
    const uint8_t packed[] = {0xE8, 0x34, 0x1A};
    options.activity_bytes = 1 << 20;
    write_text("binds.toml",
               "[screen]\ncountry = \"CN\"\n[[bind]]\nid = \"plain\"\n[[bind]]\nid = \"agg\"\n"
               "packed = true\n");
    EXPECT(ringfence_screen_open("binds.toml", &options, &error, &screen) == RINGFENCE_OK);
    ringfence_sms sms = sms_of(packed, sizeof packed, RINGFENCE_SMS_SHORT_MESSAGE, 0, 0);
    sms.bind = ringfence_screen_bind(screen, text_of("agg"));
    EXPECT(ringfence_screen_decode(screen, &sms, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_OK);
    EXPECT(size == 3 && strcmp(text, "hih") == 0 && decoded.units == 3);
    EXPECT(strcmp(ringfence_alphabet_name(decoded.alphabet), "gsm7") == 0);
    EXPECT(ringfence_screen_place(screen, &sms, 1, 1, 1, &error, &place) == RINGFENCE_OK);
    EXPECT(place.septet == 1 && place.septets == 1 && place.octet == 0 && place.octets == 2);
    sms.bind = ringfence_screen_bind(screen, text_of("plain"));
    EXPECT(ringfence_screen_decode(screen, &sms, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_OK);
    EXPECT(decoded.oddities == RINGFENCE_ODDITY_INVALID_OCTET);
    ringfence_screen_free(screen);
    unlink("binds.toml");
}

static void tells_what_a_message_says(ringfence_screen* screen) {
    ringfence_error error;
    char text[64];
    size_t size = 0;
    ringfence_decoded decoded = ringfence_decoded_init();
    ringfence_sms part = sms_of(kSecond, sizeof kSecond, RINGFENCE_SMS_PDU, 8, 1);
    EXPECT(ringfence_screen_decode(screen, &part, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_OK);
    EXPECT(strcmp(text, "0001234") == 0 && size == 7 && decoded.units == 7);
    EXPECT(decoded.ref == 7 && decoded.total == 2 && decoded.seq == 2);
    EXPECT(decoded.status == RINGFENCE_DECODED_TEXT && decoded.oddities == 0);
    EXPECT(decoded.message_class == RINGFENCE_NO_CLASS &&
           decoded.waiting == RINGFENCE_WAITING_NONE);
    const uint8_t odd[] = {0xD8, 0x3D, 0, 'a', 0};
    ringfence_sms fax = sms_of(odd, sizeof odd, RINGFENCE_SMS_PDU, 0xE9, 0);
    EXPECT(ringfence_screen_decode(screen, &fax, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_OK);
    EXPECT(strcmp(text,
                  "\xEF\xBF\xBD"
                  "a") == 0);
    EXPECT(decoded.oddities == (RINGFENCE_ODDITY_LONE_SURROGATE | RINGFENCE_ODDITY_TRUNCATED));
    EXPECT(decoded.waiting == RINGFENCE_WAITING_FAX && decoded.waiting_active == 1);
    EXPECT(strcmp(ringfence_oddity_name(RINGFENCE_ODDITY_LONE_SURROGATE), "lone_surrogate") == 0);
    EXPECT(strcmp(ringfence_oddity_name(decoded.oddities), "unknown") == 0);
    EXPECT(strcmp(ringfence_alphabet_name(200), "unknown") == 0);
    /* Without a buffer the rest alone; without both the size alone. */
    EXPECT(ringfence_screen_decode(screen, &fax, &error, &decoded, NULL, 0, NULL) == RINGFENCE_OK);
    EXPECT(decoded.units == 2);
    EXPECT(ringfence_screen_decode(screen, &fax, &error, NULL, NULL, 0, &size) ==
           RINGFENCE_TOO_LARGE);
    EXPECT(size == 4);
    EXPECT(ringfence_screen_decode(screen, &fax, &error, &decoded, text, 4, &size) ==
           RINGFENCE_TOO_LARGE);
    EXPECT(size == 4 && strcmp(text, "\xEF\xBF\xBD") == 0 && decoded.units == 2);
    /* Too small a buffer holds whole characters. */
    EXPECT(ringfence_screen_decode(screen, &fax, &error, &decoded, text, 3, &size) ==
           RINGFENCE_TOO_LARGE);
    EXPECT(size == 4 && text[0] == '\0' && decoded.units == 2);
    EXPECT(ringfence_screen_decode(screen, &fax, &error, &decoded, text, 5, &size) == RINGFENCE_OK);
    fax.coding_scheme = 4;
    EXPECT(ringfence_screen_decode(screen, &fax, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_OK);
    EXPECT(decoded.status == RINGFENCE_DECODED_BINARY && size == 0 && text[0] == '\0');
}

static void refuses_wrong_arguments(ringfence_screen* screen) {
    ringfence_error error;
    char text[8] = "before";
    size_t size = 9;
    ringfence_place place = ringfence_place_init();
    ringfence_decoded decoded = ringfence_decoded_init();
    ringfence_sms sms = sms_of((const uint8_t*)"a", 1, RINGFENCE_SMS_TEXT, 0, 0);
    ringfence_sms odd[2] = {sms, sms};
    EXPECT(ringfence_screen_place(NULL, &sms, 1, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_place(screen, NULL, 1, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_place(screen, &sms, 0, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_place(screen, &sms, 256, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "256") != NULL);
    EXPECT(ringfence_screen_place(screen, &sms, 1, 0, 1, &error, NULL) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_place(screen, &sms, 1, (size_t)-1, (size_t)-1, NULL, &place) ==
           RINGFENCE_OK);
    EXPECT(place.part == 1);
    odd[1].struct_size = 8;
    EXPECT(ringfence_screen_place(screen, odd, 2, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    odd[1] = sms;
    odd[1].coding = 9;
    EXPECT(ringfence_screen_place(screen, odd, 2, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "parts[1]") != NULL);
    sms.struct_size = 8;
    EXPECT(ringfence_screen_place(screen, &sms, 1, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "struct_size is 8") != NULL);
    sms.struct_size = sizeof sms;
    place.struct_size = 4;
    EXPECT(ringfence_screen_place(screen, &sms, 1, 0, 1, &error, &place) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "place") != NULL);
    EXPECT(ringfence_screen_decode(NULL, &sms, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(size == 0 && text[0] == '\0');
    EXPECT(ringfence_screen_decode(screen, NULL, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_decode(screen, &sms, &error, &decoded, NULL, 1, &size) ==
           RINGFENCE_INVALID_ARGUMENT);
    decoded.struct_size = 4;
    EXPECT(ringfence_screen_decode(screen, &sms, &error, &decoded, text, sizeof text, &size) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "decoded") != NULL);
}

int main(void) {
    enter_folder("party = \"text\"\n");
    ringfence_screen* screen = open_screen();
    ringfence_session* session = open_session(screen);
    finds_the_octets_of_a_match(screen, session);
    finds_the_parts_of_a_match(screen, session);
    reads_as_the_bind_codes();
    tells_what_a_message_says(screen);
    refuses_wrong_arguments(screen);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    return leave_folder();
}
