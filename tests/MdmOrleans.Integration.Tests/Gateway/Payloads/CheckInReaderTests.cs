using System.Globalization;
using System.Text;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Gateway.CheckIns;

namespace MdmOrleans.Integration.Tests.Gateway.Payloads;

public sealed class CheckInReaderTests
{
    private const string Minimal = """ "platform":"android","osVersion":"16.5","encryptionStatus":"encrypted" """;

    [Fact]
    public void The_example_of_the_protocol_is_read_member_by_member()
    {
        var reading = Read("""
            {
              "rid": "4be0643f", "boot": "c1f2", "seq": 17, "at": "2026-11-24T03:00:00+01:00", "timeZone": "Europe/Berlin",
              "platform": "android", "model": "Zebra TC58", "serial": "C02TQ0J4MD6N",
              "osVersion": "16.5", "patchLevel": "2026-11-05",
              "encryptionStatus": "encrypted", "keyProtectEnabled": true, "jailbroken": false,
              "passcodeSet": true,
              "apps": [{ "id": "com.salesforce.chatter", "version": "252.0" }],
              "attributes": { "battery": 88, "vpn": { "state": "up" } }
            }
            """);

        var checkIn = reading.CheckIn!;
        var posture = checkIn.Posture;
        Assert.Equal(("4be0643f", "c1f2", 17L), (reading.Rid, checkIn.Boot, checkIn.Seq));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero), checkIn.At);
        Assert.Equal((Platform.Android, "16.5", new DateOnly(2026, 11, 5)), (posture.Platform, posture.OsVersion, posture.PatchLevel));
        Assert.Equal(("Europe/Berlin", "Zebra TC58", "C02TQ0J4MD6N"), (posture.TimeZone, posture.Model, posture.Serial));
        Assert.Equal((true, false, true), (posture.KeyProtectEnabled, posture.Jailbroken, posture.PasscodeSet));
        Assert.Equal("""[{ "id": "com.salesforce.chatter", "version": "252.0" }]""", posture.Apps.ToString());
        Assert.Equal("""{ "battery": 88, "vpn": { "state": "up" } }""", posture.Attributes.ToString());
    }

    [Fact]
    public void Absent_and_null_are_the_same()
    {
        var absent = Read("{" + Minimal + "}");
        var nulls = Read("{" + Minimal + """
            ,"rid":null,"boot":null,"seq":null,"at":null,"timeZone":null,"model":null,"serial":null,"patchLevel":null,
            "keyProtectEnabled":null,"jailbroken":null,"passcodeSet":null,"apps":null,"attributes":null}
            """);

        Assert.Equal(absent.CheckIn, nulls.CheckIn);
        Assert.True(nulls.CheckIn!.Posture.Apps.IsAbsent);
    }

    [Theory]
    [InlineData("platform", "7")]
    [InlineData("platform", "\"Android\"")]
    [InlineData("platform", "null")]
    [InlineData("osVersion", "16.5")]
    [InlineData("osVersion", "\"\"")]
    [InlineData("osVersion", "\"16.\"")]
    [InlineData("osVersion", "\"16.x\"")]
    [InlineData("osVersion", "\"-1\"")]
    [InlineData("osVersion", "\"1.2.3.4.5.6.7\"")]
    [InlineData("osVersion", "\"2147483648\"")]
    [InlineData("encryptionStatus", "true")]
    [InlineData("encryptionStatus", "\"none\"")]
    [InlineData("jailbroken", "\"false\"")]
    [InlineData("keyProtectEnabled", "1")]
    [InlineData("passcodeSet", "[]")]
    [InlineData("patchLevel", "\"2026-02-30\"")]
    [InlineData("patchLevel", "\"2026-2-3\"")]
    [InlineData("patchLevel", "\"20260203\"")]
    [InlineData("seq", "-1")]
    [InlineData("seq", "1.5")]
    [InlineData("seq", "\"1\"")]
    [InlineData("seq", "9223372036854775808")]
    [InlineData("at", "\"yesterday\"")]
    [InlineData("at", "\"2026-11-24T03:00:00\"")]
    [InlineData("rid", "{}")]
    [InlineData("boot", "1")]
    [InlineData("model", "1")]
    [InlineData("apps", "{}")]
    [InlineData("apps", "[1]")]
    [InlineData("apps", "[{}]")]
    [InlineData("apps", "[{\"id\":\"\"}]")]
    [InlineData("apps", "[{\"id\":1}]")]
    [InlineData("apps", "[{\"id\":\"a\",\"version\":1}]")]
    [InlineData("attributes", "[]")]
    public void A_member_of_the_wrong_type_or_value_is_refused_by_name(string member, string value)
    {
        var members = new Dictionary<string, string>
        {
            ["platform"] = "\"ios\"",
            ["osVersion"] = "\"1\"",
            ["encryptionStatus"] = "\"unknown\"",
            [member] = value,
        };

        var reading = Read("{" + string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}")) + "}");

        Assert.Null(reading.CheckIn);
        Assert.StartsWith(member, reading.Problem!.Detail, StringComparison.Ordinal);
        Assert.Equal("/" + member, Assert.Single(reading.Problem.Errors).Pointer);
    }

    [Theory]
    [InlineData("platform")]
    [InlineData("osVersion")]
    [InlineData("encryptionStatus")]
    public void What_is_needed_and_missing_is_named(string member)
    {
        var members = new Dictionary<string, string> { ["platform"] = "ios", ["osVersion"] = "1", ["encryptionStatus"] = "unknown" };
        members.Remove(member);

        var reading = Read("{" + string.Join(',', members.Select(m => $"\"{m.Key}\":\"{m.Value}\"")) + "}");

        Assert.Equal($"{member} is required.", reading.Problem!.Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("{ /* comment */ }")]
    [InlineData("{ \"a\": 1, }")]
    [InlineData("\uFEFF{}")]
    [InlineData("{ \"a\": 1, \"a\": 2 }")]
    [InlineData("{ \"a\": 1, \"\\u0061\": 2 }")]
    [InlineData("{ \"rid\": \"1\", \"rid\": \"2\" }")]
    [InlineData("{ \"rid\": null, \"r\\u0069d\": \"2\" }")]
    [InlineData("{ \"x\": { \"b\": 1, \"c\": { \"b\": 1 }, \"b\": 2 } }")]
    [InlineData("{ \"attributes\": { \"b\": [ { \"c\": 1, \"c\": 1 } ] } }")]
    [InlineData("{ \"apps\": [ { \"id\": \"a\", \"id\": \"b\" } ] }")]
    [InlineData("{ \"apps\": [ { \"id\": \"a\", \"x\": { \"y\": 1, \"y\": 2 } } ] }")]
    [InlineData("{ \"attributes\": { \"a\": \"\\u0000\" } }")]
    [InlineData("{ \"attributes\": { \"\\u0000\": 1 } }")]
    [InlineData("{ \"attributes\": { \"a\": \"\\ud800\" } }")]
    [InlineData("{ \"attributes\": { \"a\": \"\\udc00\\ud800\" } }")]
    [InlineData("{ \"attributes\": { \"a\": 1e301 } }")]
    [InlineData("{ \"attributes\": { \"a\": 1e-99999999999 } }")]
    [InlineData("{ \"model\": \"\\u0000\" }")]
    public void What_is_not_strict_json_or_cannot_be_stored_is_refused(string json)
    {
        var complete = json.Length > 1 && json.StartsWith("{ ", StringComparison.Ordinal) ? "{" + Minimal + "," + json[1..] : json;

        var reading = Read(complete);

        Assert.Null(reading.CheckIn);
        Assert.NotNull(reading.Problem);
    }

    [Theory]
    [InlineData("{ \"attributes\": { \"a\": \"\\u0000\" } }", "A string contains U+0000.")]
    [InlineData("{ \"attributes\": { \"\\u0000\": 1 } }", "A string contains U+0000.")]
    [InlineData("{ \"attributes\": { \"a\": \"\\ud800\" } }", "A string has half a surrogate pair.")]
    [InlineData("{ \"attributes\": { \"a\": \"\\ud800x\" } }", "A string has half a surrogate pair.")]
    [InlineData("{ \"attributes\": { \"a\": \"\\udc00\" } }", "A string has half a surrogate pair.")]
    [InlineData("{ \"attributes\": { \"a\": 1e301 } }", "A number has an exponent beyond 300.")]
    [InlineData("{ \"attributes\": { \"a\": 11111111112222222222333333333344444444445555555555666666666677777 } }", "A number has more than 64 digits.")]
    [InlineData("{ \"attributes\": { \"a\": } }", "The payload is not well-formed JSON.")]
    [InlineData("{ \"attributes\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] }", "attributes must be an object.")]
    public void Each_mistake_in_a_payload_has_its_own_sentence(string json, string sentence) =>
        Assert.Equal(sentence, Read("{" + Minimal + "," + json[1..]).Problem?.Detail);

    [Fact]
    public void The_same_name_at_different_places_is_no_duplicate()
    {
        var reading = Read("{" + Minimal + """ ,"x":{"a":{"a":1},"b":{"a":2}},"attributes":{"a":[{"a":1},{"a":1}]},"y":{"a":1} }""");

        Assert.Null(reading.Problem);
    }

    [Fact]
    public void A_wide_object_is_read_in_time_that_does_not_explode()
    {
        var json = new StringBuilder("{" + Minimal + ",\"attributes\":{");
        for (var i = 0; i < 6000; i++)
        {
            json.Append(CultureInfo.InvariantCulture, $"\"k{i}\":{i},");
        }

        json.Append("\"k0\":0}}");

        var reading = Read(json.ToString());

        Assert.Equal("The member 'k0' appears twice.", reading.Problem!.Detail);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Nesting_ends_at_32(int levels, bool accepted)
    {
        var json = "{" + Minimal + ",\"attributes\":" + string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "{}" + new string('}', levels + 1);

        var reading = Read(json);

        Assert.Equal(accepted, reading.CheckIn is not null);
        Assert.Equal(accepted ? null : "The payload is nested more than 32 deep.", reading.Problem?.Detail);
    }

    [Fact]
    public void Invalid_utf8_is_refused_wherever_it_is()
    {
        var bytes = Encoding.UTF8.GetBytes("{" + Minimal + ",\"unknown\":\"????\"}");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;

        var reading = CheckInReader.Read(bytes, default, 1);

        Assert.Equal("The payload is not UTF-8.", reading.Problem!.Detail);
    }

    [Fact]
    public void A_rid_is_known_also_where_what_follows_it_is_wrong()
    {
        var reading = Read("""{"rid":"r7","platform":1}""");

        Assert.Equal("r7", reading.Rid);
        Assert.NotNull(reading.Problem);
    }

    [Fact]
    public void A_payload_cut_or_changed_at_any_byte_is_read_or_refused_and_nothing_else()
    {
        var random = new Random(7);
        var seed = Encoding.UTF8.GetBytes("{" + Minimal + """
            ,"rid":"r","boot":"b","seq":1,"at":"2026-11-24T03:00:00Z","apps":[{"id":"a","version":"1"}],"attributes":{"a":"\u00e4\ud83d\ude00"}}
            """);

        for (var length = 0; length < seed.Length - 1; length++)
        {
            Assert.NotNull(CheckInReader.Read(seed.AsSpan(0, length), default, 1).Problem);
        }

        for (var round = 0; round < 30_000; round++)
        {
            var bytes = seed.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var reading = CheckInReader.Read(bytes, default, 1);

            Assert.NotEqual(reading.CheckIn is null, reading.Problem is null);
        }
    }

    private static CheckInReading Read(string json) => CheckInReader.Read(Encoding.UTF8.GetBytes(json), default, 1);
}
