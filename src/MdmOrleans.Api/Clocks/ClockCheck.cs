using MdmOrleans.Api.Health;
using MdmOrleans.Core.Clocks;

namespace MdmOrleans.Api.Clocks;

/// <summary>A server whose clock is in doubt answers whoever asks, and should not be asked where there is another.</summary>
internal sealed class ClockCheck(IClockGuard clock) : IReadinessCheck
{
    public string Name => "clock";

    public string Complaint => clock.Read().Doubt is { } doubt ? $"{Name} ({doubt})" : Name;

    public ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(clock.Read().Doubt is null);
}
