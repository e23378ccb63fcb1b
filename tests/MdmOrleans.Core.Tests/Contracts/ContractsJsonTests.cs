using System.Text;
using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Core.Tests.Contracts;

public sealed class ContractsJsonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 4, 0, 0, 123, TimeSpan.FromHours(1));

    [Fact]
    public void A_check_in_is_read_with_every_member_and_what_is_unknown_is_ignored()
    {
        const string Json = """
            { "rid": "4be0643f", "boot": "c1f2", "seq": 17, "at": "2026-11-24T03:00:00Z", "timeZone": "Europe/Berlin",
              "platform": "android", "model": "Zebra TC58", "serial": null, "osVersion": "16.5", "patchLevel": "2026-11-05",
              "encryptionStatus": "encrypted", "keyProtectEnabled": true, "jailbroken": false, "fromTheFuture": { "a": [1] },
              "apps": [{ "id": "com.salesforce.chatter", "version": "252.0" }, { "id": "x" }],
              "attributes": { "battery": 88, "vpn": { "state": "up" } } }
            """;

        var message = JsonSerializer.Deserialize(Json, ContractsJson.Default.CheckInMessage)!;

        Assert.Equal(("4be0643f", "c1f2", 17L, "Europe/Berlin"), (message.Rid, message.Boot, message.Seq, message.TimeZone));
        Assert.Equal((PlatformNames.Android, "16.5", EncryptionStatusNames.Encrypted), (message.Platform, message.OsVersion, message.EncryptionStatus));
        Assert.Equal((true, false, null), (message.KeyProtectEnabled, message.Jailbroken, message.PasscodeSet));
        Assert.Null(message.Serial);
        Assert.Equal([new("com.salesforce.chatter", "252.0"), new("x")], message.Apps!);
        Assert.Equal(88, message.Attributes!.Value.GetProperty("battery").GetInt32());
    }

    [Fact]
    public void What_a_device_does_not_know_is_absent_and_not_null()
    {
        var message = new CheckInMessage { Platform = PlatformNames.Linux, OsVersion = "12", EncryptionStatus = EncryptionStatusNames.Unknown };

        var json = JsonSerializer.Serialize(message, ContractsJson.Default.CheckInMessage);

        Assert.Equal("""{"platform":"linux","osVersion":"12","encryptionStatus":"unknown"}""", json);
    }

    [Fact]
    public void An_answer_is_written_as_the_protocol_has_it()
    {
        var answer = new CheckInAnswer
        {
            Rid = "4be0643f",
            Lifecycle = LifecycleNames.Active,
            Compliance = ComplianceNames.InGracePeriod,
            Access = AccessNames.Allow,
            Findings = [new Finding { Rule = "os-minimum", Status = RuleStatusNames.Noncompliant, Severity = SeverityNames.Required, Since = Now }],
            Policy = new PolicyReference("baseline", 3),
            Commands = [new DeliveredCommand("0193", CommandKindNames.Lock, Parse("{}"), Now)],
            NextCheckInSeconds = 873,
            ServerTime = Now,
        };

        var json = JsonSerializer.Serialize(answer, ContractsJson.Default.CheckInAnswer);

        Assert.Equal(
            """
            {"rid":"4be0643f","lifecycle":"Active","compliance":"inGracePeriod","access":"allow",
            "findings":[{"rule":"os-minimum","status":"noncompliant","severity":"required","since":"2026-11-24T03:00:00.123Z"}],
            "policy":{"id":"baseline","version":3},
            "commands":[{"id":"0193","kind":"lock","parameters":{},"expiresAt":"2026-11-24T03:00:00.123Z"}],
            "nextCheckInSeconds":873,"serverTime":"2026-11-24T03:00:00.123Z"}
            """.ReplaceLineEndings(""),
            json);
    }

    [Fact]
    public void A_command_without_an_id_is_no_command()
    {
        Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize("""{ "kind": "lock", "parameters": {} }""", ContractsJson.Default.DeliveredCommand));
    }

    [Theory]
    [InlineData("""{ "status": "received", "status": "failed" }""")]
    [InlineData("""{ "status": 1 }""")]
    [InlineData("""{ "status": null }""")]
    [InlineData("""{ "code": "x" }""")]
    public void A_report_that_is_not_one_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), ContractsJson.Default.CommandReport));
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
