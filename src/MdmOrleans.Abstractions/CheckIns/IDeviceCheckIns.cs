using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Abstractions.CheckIns;

/// <summary>The check-ins of one device. Key: <c>DeviceId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.device.checkins")]
public interface IDeviceCheckIns : IGrainWithStringKey
{
    /// <summary>Judges in one turn. Returns once everything that it changed is stored; a duplicate gets the current verdict.</summary>
    /// <returns>The verdict; or unavailable, where the promise cannot be kept; or forbidden, for a device that may not check in.</returns>
    [Alias("CheckIn"), ResponseTimeout("00:00:09")]
    Task<Outcome<Verdict>> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken);

    /// <summary>Keeps in the history what happened between check-ins, up to a number a day. Returns once it is stored.</summary>
    /// <param name="type">Matches <c>[a-z][A-Za-z0-9-]{0,63}</c>.</param>
    /// <param name="payload">A JSON object of at most 8 KiB.</param>
    /// <param name="session">The connection that brought it.</param>
    /// <param name="epoch">The enrollment epoch that its credential belongs to; of an older enrollment it is only recorded.</param>
    [Alias("Tell"), ResponseTimeout("00:00:09")]
    Task<Problem?> TellAsync(string type, Utf8Block payload, SessionEpoch session, int epoch, CancellationToken cancellationToken);
}
