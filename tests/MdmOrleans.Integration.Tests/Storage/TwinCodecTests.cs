using System.Buffers;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Storage.Twins;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

public sealed class TwinCodecTests : IDisposable
{
    /// <summary>
    /// The state of <see cref="Twins.ADeviceWithEverything"/> as the first release wrote it. Never edited: rows outlive releases.
    /// </summary>
    private const string OfTheFirstRelease =
        "ASDoIOgg6EAJYWNtZeBBDWdvbGRlbuABBQEFIUBB8G6UEZAkZE81BUcFKH0+imYq8HpU7fUf9UE374W/KZHgAQUBiQEDIegACSEgAAMh6EAVb3Mt"
        + "bWluaW11bQEJAQFBDz49IDE2LjVBCTE2LjQhgIdObAfXSd8IgQAAAAAAAAAA4CGAh+anpc5J3wiBAAAAAAAAAADgQTFVcGRhdGUgdG8gMTYuNSBv"
        + "ciBsYXRlci7g4ODBASGAh05sB9dJ3wiBAAAAAAAAAADgIYCHzj9caUvfCIEAAAAAAAAAAODBAcEBIeggIAADQREwIG5vdGlmeeDgIYCHDtYxoErf"
        + "CIEAAAAAAAAAAOABAQEDIYCHTmwH10nfCIEAAAAAAAAAAODg4CHoAAFBE2NvbXBsaWFudCGAh05sB9dJ3wiBAAAAAAAAAADg4MEBwQEh6AAFQQkx"
        + "Ni41AQUBA8EBAQFhVEoLAEEVWmVicmEgVEM1OEEZQzAyVFEwSjRNRDZOQRtFdXJvcGUvQmVybGluIcAB4CHAAeDgwQHBASHoIICHTmwH10nfCIEA"
        + "AAAAAAAAAOAhgIdObAfXSd8IgQAAAAAAAAAA4EEJYzFmMgFFwQHgISDgwQHBAeBBKXNvbWVib2R5QGV4YW1wbGUuY29twQHBASHoICAAAyHoQCF+"
        + "C6IB+/dHdph/Rp2Wvo9mASUBDSFAYXsiYXBwIjogImNvbS5leGFtcGxlIiwgImRlZXAiOiBbMSwgeyJhIjogbnVsbH1dfeBBE2tleTphZG1pbsEB"
        + "IYCHTmwH10nfCIEAAAAAAAAAAOAhgP8/N/R1KMorgQAAAAAAAAAA4AEBAQXBAcEBIcAB4CGAh05sB9dJ3wiBAAAAAAAAAADgQQlvbmNlwQHBAQEB"
        + "AQHg4OAhIAADIehAIX4LogH799V1q3qpHe/NXmsBJQEZIUBheyJhcHAiOiAiY29tLmV4YW1wbGUiLCAiZGVlcCI6IFsxLCB7ImEiOiBudWxsfV19"
        + "4MHTwQEhgIdObAfXSd8IgQAAAAAAAAAA4CGA/z839HUoyiuBAAAAAAAAAADgAQEBBcEBwQEhQAV7feAhgIdObAfXSd8IgQAAAAAAAAAA4MH1wQHB"
        + "AQEBAQHg4ODgIegAMUEHCQgH4CGAhw7WMaBK3wiBAAAAAAAAAADgIegg6ICHTmwH10nfCAELASXgQSExMC4wLjAuMToxMTExMUA34CGAh44C3Q1J"
        + "3wiBAAAAAAAAAADg4A==";

    private readonly TwinCodec _codec = new();

    public void Dispose() => _codec.Dispose();

    [Fact]
    public void A_row_of_the_first_release_is_read_for_ever()
    {
        var expected = ADeviceWithEverything("acme/golden");

        var device = _codec.Read(expected.Id, Convert.FromBase64String(OfTheFirstRelease), attributes: null, apps: null, finished: null, "{}", seen: null);

        Assert.Equal((1, 1, LifecycleState.Active), (device.Version, device.Epoch, device.Lifecycle));
        Assert.Equal(expected.QuarantineReasons, device.QuarantineReasons);
        Assert.True(device.Token!.Matches(expected.Token!));
        Assert.Equal(ComplianceStatus.InGracePeriod, device.Compliance.Status);
        Assert.Equal(expected.Compliance.Findings, device.Compliance.Findings.AsEnumerable());
        Assert.Equal(expected.Posture! with { Apps = default, Attributes = default }, device.Posture);
        Assert.Equal(expected.Commands.Pending.Single().Parameters, device.Commands.Pending.Single().Parameters);
        Assert.Equal(expected.Commands.Finished.Single().Status, device.Commands.Finished.Single().Status);
        Assert.Equal(expected.Chain, device.Chain);
        Assert.Equal(expected.Session, device.Session);
        Assert.Equal(expected.Access, device.Access);
        Assert.Equal(expected.Seen, device.Seen);
    }

    [Fact]
    public void What_an_older_row_lacks_keeps_its_initial_value()
    {
        var bare = new ArrayBufferWriter<byte>();
        bare.Write<byte>([1, 0x20, 0xE0]); // format 1, and an object that ends before its first member

        var device = _codec.Read(DeviceId.Parse("acme/bare"), bare.WrittenMemory, attributes: null, apps: null, finished: null, "{}", seen: null);

        Assert.Equal(ComplianceState.Initial, device.Compliance);
        Assert.Empty(device.Commands.Pending);
        Assert.Empty(device.Labels);
    }

    [Fact]
    public void A_row_of_an_unknown_format_is_refused_and_not_guessed()
    {
        Assert.Throws<InvalidDataException>(
            () => _codec.Read(DeviceId.Parse("acme/future"), new byte[] { 2, 0 }, attributes: null, apps: null, finished: null, "{}", seen: null));
    }
}
